using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>Exchange 5.5 to 365, its connectors, and IIS.</summary>
internal static class Exchange
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("did not reach the following recipient(s):"),
        new("did not reach the following recipient:", AddressPlace.Here),
        new("The following recipient(s) could not be reached:"),
        new("could not be delivered to the following user:", AddressPlace.Within),
        new("Delivery has failed to these recipients or groups:"),
        new("Delivery has failed to these recipients or distribution lists:"),
        new("Delivery is delayed to these recipients or groups:", Action: ReturnAction.Delayed),
        new("Delivery is delayed to these recipients or distribution lists:", Action: ReturnAction.Delayed),
        new("Your message couldn't be delivered to", AddressPlace.Here),
        new("wasn't delivered to", AddressPlace.Here),
    ];
}
