using System.Collections.Immutable;

namespace ListServer.Lists.Moderation;

/// <summary>When something is going wrong on a list, nothing passes unread.</summary>
internal static class EmergencyRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("emergency", c => c.List.Moderation.IsEmergency ? new Verdict.Hold("Emergency moderation is in effect for this list") : null),
    ];
}
