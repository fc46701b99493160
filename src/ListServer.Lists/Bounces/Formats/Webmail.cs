using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>Gmail, AOL, Yahoo!, HotPOP, Amazon WorkMail and the great mailboxes' own words.</summary>
internal static class Webmail
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("Delivery to the following recipient has been delayed:", Action: ReturnAction.Delayed),
        new("Delivery to the following recipients has been delayed:", Action: ReturnAction.Delayed),
        new("Delivery to the following recipient failed"),
        new("to the following recipients failed"),
        new("Your message wasn't delivered to", AddressPlace.Here),
        new("There was a temporary problem while delivering your message to", AddressPlace.Here, ReturnAction.Delayed),
        new("trying to deliver the mail to the following recipients:"),
        new("Unable to deliver message to the following address"),
        new("unable to deliver your message to the following address"),
        new("Undeliverable Address:", AddressPlace.Here),
        new("Your mail to the following recipients could not be delivered because they are not accepting mail from", AddressPlace.LocalParts),
    ];
}
