using ListServer.Lists.Announcements;
using ListServer.Store;
using ListServer.Store.Queue;

namespace ListServer.Distribution;

/// <summary>Recipients of one destination who go as one.</summary>
/// <param name="Destination">Their domain.</param>
/// <param name="Addresses">Their addresses.</param>
/// <param name="Wave">When they go.</param>
internal sealed record GroupPlan(string Destination, IReadOnlyList<string> Addresses, SendingWave Wave)
{
    /// <summary>All of a roster, those who go first before all others.</summary>
    /// <param name="roster">Who receives.</param>
    /// <param name="plan">How it is sent; null for all at once.</param>
    /// <param name="isLater">True for members of a part of the list: those who go first are its own.</param>
    public static IEnumerable<GroupPlan> Of(Roster roster, SendingPlan? plan, bool isLater = false)
    {
        var size = plan?.GroupSize(QueueGroup.MaxRecipients) ?? QueueGroup.MaxRecipients;
        if (plan is not { First: > 0 })
        {
            return Groups(roster.Destinations.Select(d => (d.Domain, d.Addresses.AsEnumerable())), size, SendingWave.First);
        }

        if (isLater)
        {
            return Groups(roster.Destinations.Select(d => (d.Domain, d.Addresses.AsEnumerable())), size, SendingWave.Rest);
        }

        var first = FirstOf(roster, plan.First);
        return Groups(roster.Destinations.Select((d, i) => (d.Domain, d.Addresses.Take(first[i]))), size, SendingWave.First)
            .Concat(Groups(roster.Destinations.Select((d, i) => (d.Domain, d.Addresses.Skip(first[i]))), size, SendingWave.Rest));
    }

    private static IEnumerable<GroupPlan> Groups(IEnumerable<(string Domain, IEnumerable<string> Addresses)> destinations, int size, SendingWave wave) =>
        destinations.SelectMany(d => d.Addresses.Chunk(size).Select(some => new GroupPlan(d.Domain, some, wave)));

    /// <summary>How many of each destination go first: one of each in turn, so that every receiver's opinion is heard before the others go.</summary>
    private static int[] FirstOf(Roster roster, int count)
    {
        var taken = new int[roster.Destinations.Length];
        for (var left = Math.Min(count, roster.Count); left > 0;)
        {
            for (var i = 0; i < taken.Length && left > 0; i++)
            {
                if (taken[i] < roster.Destinations[i].Addresses.Length)
                {
                    taken[i]++;
                    left--;
                }
            }
        }

        return taken;
    }
}
