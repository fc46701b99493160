using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>Who is banned posts nothing, whether or not the address is proven: a forger gains nothing by it.</summary>
internal static class BanRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("banned-address", c => c.Ban is not null && c.ApprovedBy is null
            ? new Verdict.Reject($"Message sender {c.Report.Author.Address} is banned from this list")
            : null),
    ];
}
