using System.Text;
using ListServer.Lists.Cooking;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;

namespace ListServer.Lists.Announcements;

/// <summary>An announcement that somebody writes: one for each person and list, until it is sent.</summary>
/// <param name="Id">New each time it is saved: who sends it sends what they looked at.</param>
/// <param name="List">The posting address.</param>
/// <param name="By">Who writes it.</param>
/// <param name="SavedAt">When it was saved.</param>
public sealed record AnnouncementDraft(string Id, string List, string By, DateTimeOffset SavedAt)
{
    /// <summary>The longest subject and name, in characters.</summary>
    public const int LongestLine = 200;

    /// <summary>The longest text, and the longest HTML, in characters.</summary>
    public const int LongestText = 500_000;

    /// <summary>The address in whose name it goes.</summary>
    public string From { get; init; } = "";

    /// <summary>The name beside it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The subject.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The text, lines separated by LF.</summary>
    public string Text { get; init; } = "";

    /// <summary>The same with looks; empty for none.</summary>
    public string Html { get; init; } = "";

    /// <summary>The post that it became; null while it is a draft.</summary>
    public string? SentAs { get; init; }

    /// <summary>Its Message-ID, in angle brackets.</summary>
    public string MessageId => $"<{Id}@{MemberAddress.DomainOf(List)}>";

    /// <summary>The whole message, lines ending in CRLF, in ASCII but for an address that is not.</summary>
    /// <param name="date">When it is sent.</param>
    public byte[] ToOctets(DateTimeOffset date)
    {
        var text = NoticeMail.Encode(TextLines.Wrap(Text + "\n"));
        var header = $"From: {EncodedWords.Mailbox(Clean.Line(Name), From, "From: ".Length)}\r\nTo: <{List}>\r\n"
            + $"Subject: {EncodedWords.Text(Clean.Line(Subject), Encoding.UTF8, "Subject: ".Length)}\r\nDate: {ListFieldsStep.Date(date)}\r\nMessage-ID: {MessageId}\r\nMIME-Version: 1.0\r\n";
        if (Html.Length == 0)
        {
            return [.. Encoding.UTF8.GetBytes(header), .. Part("plain", text)];
        }

        // The boundary is made of the identifier, from the clock and chance: no text can know it.
        var html = NoticeMail.Encode(Html.ReplaceLineEndings("\r\n") + "\r\n");
        return
        [
            .. Encoding.UTF8.GetBytes($"{header}Content-Type: multipart/alternative; boundary=\"draft-{Id}\"\r\n\r\n--draft-{Id}\r\n"), .. Part("plain", text),
            .. Encoding.UTF8.GetBytes($"\r\n--draft-{Id}\r\n"), .. Part("html", html), .. Encoding.UTF8.GetBytes($"\r\n--draft-{Id}--\r\n"),
        ];
    }

    private static byte[] Part(string subtype, (string Encoding, byte[] Body) text) =>
        [.. Encoding.ASCII.GetBytes($"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {text.Encoding}\r\n\r\n"), .. text.Body];
}
