using ListServer.Lists;

namespace ListServer.Commands;

/// <summary>A member's settings in words.</summary>
internal static class MemberText
{
    public static string Delivery(Member member) => member switch
    {
        { IsReceiving: false } => "no mail",
        { SuspendedAt: { } at } => FormattableString.Invariant($"suspended {at:yyyy-MM-dd}: copies came back"),
        _ when member.IsPaused(TimeProvider.System.GetUtcNow()) => FormattableString.Invariant($"paused until {member.PausedUntil:yyyy-MM-dd HH:mm zzz}"),
        { Delivery: DeliveryMode.Regular } => "receives",
        _ => ListCommand.Words(member.Delivery),
    };

    public static string Copies(Member member) =>
        $"own posts {(member.OwnCopies ? "come back" : "do not come back")}; posts that name the member in To or Cc {(member.AvoidsDuplicates ? "do not come again" : "come too")}";
}
