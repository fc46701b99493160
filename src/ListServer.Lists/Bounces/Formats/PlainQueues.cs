using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>
/// qmail (QSBMF, by D. J. Bernstein) and Postfix, and the many that write like them: Yahoo!, Xmail, GoDaddy, NewMail.ru. A paragraph for each
/// recipient begins with its address in angle brackets and a colon.
/// </summary>
internal static class PlainQueues
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("", AddressPlace.Angles),
        new("I'm afraid I wasn't able to deliver your message to the following addresses"),
    ];
}
