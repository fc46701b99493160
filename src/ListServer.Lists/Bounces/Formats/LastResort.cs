using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>Words that many use and that alone would not make a notice; the sender or the subject says that it is one.</summary>
internal static class LastResort
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("mailbox is full:", AddressPlace.Here),
        new("The following addresses", AddressPlace.Lines),
        new("The following address", AddressPlace.Lines),
        new("The following recipients", AddressPlace.Lines),
        new("The following recipient", AddressPlace.Lines),
        new("not delivered to", AddressPlace.Here),
        new("could not be delivered to", AddressPlace.Here),
        new("delivery to", AddressPlace.Here),
        new("RCPT TO:", AddressPlace.Here),
        new("", AddressPlace.Alone),
    ];
}
