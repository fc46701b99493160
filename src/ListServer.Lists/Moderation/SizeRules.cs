using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>How large a post may be.</summary>
internal static class SizeRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("max-size", c => c.List.MaxPostOctets > 0 && c.Message.Octets.Length > c.List.MaxPostOctets && !c.IsFromModerator
            ? new Verdict.Hold($"The message is larger than the {(c.List.MaxPostOctets + 1023) / 1024} KB maximum size")
            : null),
    ];
}
