using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>sendmail 5 to 8 before it wrote reports of RFC 3464, and OpenSMTPD and DragonFly, which never did.</summary>
internal static class Sendmail
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("The following addresses had permanent fatal errors"),
        new("The following addresses had permanent delivery errors"),
        new("The following addresses had delivery problems"),
        new("The following addresses had delivery errors"),
        new("The following addresses had transient non-fatal errors", Action: ReturnAction.Delayed),
        new("The following addresses have delivery notifications"),
        new("Transcript of session follows", AddressPlace.Replies),
        new("Transcript of session follows"),
        new("for the following list of recipients:"),
        new("There was an error delivering your mail to", AddressPlace.Here),
    ];
}
