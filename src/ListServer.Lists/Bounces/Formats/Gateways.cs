using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>Filters and relays in front of a mailbox: InterScan, Symantec, Mimecast, MailMarshal, MailFoundry, SurfControl, SonicWall.</summary>
internal static class Gateways
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("The following recipients were affected:"),
        new("to the following address could not be delivered:"),
        new("addressed to email address :", AddressPlace.Here),
        new("could not be delivered to the following recipients:"),
        new("The following recipients returned permanent errors:", AddressPlace.Here),
        new("The following recipients returned temporary errors:", AddressPlace.Here),
        new("rejected recipient", AddressPlace.Here),
        new("Your message could not be delivered to", AddressPlace.Here),
        new("Delivery failed:", AddressPlace.Here),
        new("Unable to deliver message to:", AddressPlace.Here),
        new("Unable to deliver message to", AddressPlace.Here),
        new("unable to deliver your message to", AddressPlace.Here),
        new("Delivery of email to this address", AddressPlace.Here, ReturnAction.Delayed),
    ];
}
