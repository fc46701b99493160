namespace ListServer.Lists.Announcements;

/// <summary>
/// Keeps a rate: what went is paid for afterwards, so that the first go at once and never more than one group is ahead of the rate.
/// Every attempt counts, whatever came of it.
/// </summary>
/// <param name="OpensAt">Nothing goes before.</param>
public readonly record struct Throttle(DateTimeOffset OpensAt)
{
    /// <summary>Once so many went. What was not used by now is not saved up.</summary>
    public Throttle After(int recipients, SendingRate rate, DateTimeOffset now) =>
        new((OpensAt > now ? OpensAt : now) + (rate.Each * recipients));
}
