using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>Exim, and those who kept its words: mail.ru, GMX, 1&amp;1, MXLogic, Zoho.</summary>
internal static class Exim
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("address(es) failed:"),
        new("addresses failed:"),
        new("following address failed:"),
        new("the message has not yet been delivered is:", Action: ReturnAction.Delayed),
        new("the message has not yet been delivered are:", Action: ReturnAction.Delayed),
        new("has not yet been delivered to the following addresses:", Action: ReturnAction.Delayed),
        new("generated from", AddressPlace.Here),
        new("malformed address:", AddressPlace.Here),
        new("incorrectly constructed:", AddressPlace.Within),
        new("could not be delivered to one or more of its recipients. This is a permanent error."),
        new("could not be delivered to one or more of its recipients:"),
    ];
}
