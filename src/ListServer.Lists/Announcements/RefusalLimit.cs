namespace ListServer.Lists.Announcements;

/// <summary>
/// An announcement stops by itself when more than a share of the first 500 receivers refuse it for good: a list gone stale would cost the
/// domain its name. Of fewer recipients, or of those who get it first, it is the share of them; one or two never stop it.
/// </summary>
/// <param name="Share">Above 0, 1 for never.</param>
public sealed record RefusalLimit(double Share)
{
    private const int LookedAt = 500;
    private const int FewestRefusals = 3;

    /// <summary>Says why it has to stop; null while it may go on.</summary>
    /// <param name="before">How many had been delivered or refused before the last outcomes.</param>
    /// <param name="delivered">Delivered by now.</param>
    /// <param name="refused">Refused by now.</param>
    /// <param name="recipients">All there are.</param>
    /// <param name="first">How many get it first, or 0.</param>
    public string? Judge(int before, int delivered, int refused, int recipients, int first)
    {
        var most = Math.Min(LookedAt, recipients);
        var looked = first > 0 && delivered + refused <= first ? Math.Min(first, most) : most;
        return before < LookedAt && refused >= FewestRefusals && refused > Share * looked
            ? FormattableString.Invariant($"{refused} of the first {delivered + refused} were refused for good, which is more than {Share * 100:0.##} % of {looked}")
            : null;
    }
}
