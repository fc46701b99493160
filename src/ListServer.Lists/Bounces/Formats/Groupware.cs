using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>GroupWise, Notes and Domino, CompuServe, Netscape, MailEnable, IMail (SMTP32), LSMTP, PMDF and their age.</summary>
internal static class Groupware
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("was undeliverable to the following:"),
        new("was not delivered to:"),
        new("Recipient: <", AddressPlace.Here),
        new("here is your list of failed recipients"),
        new("Failure Reasons"),
        new("Recipient: [SMTP:", AddressPlace.Here),
        new("Your message cannot be delivered to the following recipients:"),
        new("Your message is being returned; it has been enqueued and undeliverable"),
        new("Invalid receiver address:", AddressPlace.Here),
        new("Unknown user:", AddressPlace.Here),
        new("Unknown host:", AddressPlace.Here),
        new("User mailbox exceeds allowed size:", AddressPlace.Here),
        new("Invalid final delivery userid:", AddressPlace.Here),
        new("undeliverable to", AddressPlace.Here),
        new("attempts:", AddressPlace.Here),
        new("Failed Recipients"),
        new("Failed addresses follow:"),
        new("Error-for:", AddressPlace.Here),
        new("Originally addressed to", AddressPlace.Here),
        new("Intended recipient:", AddressPlace.Here),
    ];
}
