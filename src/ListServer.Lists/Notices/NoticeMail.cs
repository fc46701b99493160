using System.Collections.Immutable;
using System.Text;
using ListServer.Lists.Cooking;

namespace ListServer.Lists.Notices;

/// <summary>A notice as a mail. Its reverse-path is always null (RFC 3834 §3.3).</summary>
/// <param name="List">The list that speaks.</param>
/// <param name="To">Whom it speaks to: a member's address in its stored form.</param>
/// <param name="Notice">What it says.</param>
/// <param name="Id">The left side of the Message-ID: unique, letters and digits.</param>
/// <param name="Date">When it was written.</param>
public sealed record NoticeMail(MailingList List, string To, Notice Notice, string Id, DateTimeOffset Date)
{
    // Above this share of other letters, base64 is shorter than quoted-printable, and no less readable.
    private const int LettersPerOther = 6;

    /// <summary>Where an answer goes, or null for the list's -request address, which it comes from.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The Message-ID, in angle brackets, of the message that it answers; empty for none.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>False for what nobody's mail brought about.</summary>
    public bool IsAnswer { get; init; } = true;

    /// <summary>True for what the server itself has to say: <see cref="List"/> then stands for its postmaster, and no list is named.</summary>
    public bool IsOfServer { get; init; }

    /// <summary>Messages that go with it (RFC 2046 §5.2.1), in ASCII.</summary>
    public ImmutableArray<byte[]> Attached { get; init; } = [];

    /// <summary>The address it comes from.</summary>
    public string From => IsOfServer ? List.Address : List.RoleAddress("request");

    /// <summary>Its octets, ready to be signed: CRLF line ends, 7-bit unless an address is not ASCII (RFC 6532).</summary>
    public byte[] ToOctets()
    {
        var header = new StringBuilder();
        foreach (var (name, value) in Fields())
        {
            header.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        var text = TextLines.Wrap(Notice.Text);
        var (encoding, body) = Encode(text);
        if (!Attached.IsEmpty)
        {
            return [.. Encoding.UTF8.GetBytes(header.ToString()), .. WithMessages(encoding, body)];
        }

        header.Append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ").Append(encoding).Append("\r\n\r\n");
        return [.. Encoding.UTF8.GetBytes(header.ToString()), .. body];
    }

    private IEnumerable<(string Name, string Value)> Fields()
    {
        yield return ("From", EncodedWords.Mailbox(Clean.Line(List.DisplayName), From, "From: ".Length));
        yield return ("To", $"<{To}>");
        if (ReplyTo is not null)
        {
            yield return ("Reply-To", $"<{ReplyTo}>");
        }

        yield return ("Subject", EncodedWords.Text(Clean.Line(Notice.Subject), Encoding.UTF8, "Subject: ".Length));
        yield return ("Date", ListFieldsStep.Date(Date));
        yield return ("Message-ID", $"<{Id}@{List.Domain}>");
        if (InReplyTo.Length > 0)
        {
            yield return ("In-Reply-To", InReplyTo);
            yield return ("References", InReplyTo);
        }

        // RFC 3834 §5: with the null reverse-path, what keeps two programs from answering each other.
        yield return ("Auto-Submitted", IsAnswer ? "auto-replied" : "auto-generated");
        if (!IsOfServer)
        {
            yield return ("List-Id", $"<{List.ListId}>");
            yield return ("X-Loop", List.Address);
        }

        yield return ("MIME-Version", "1.0");
    }

    // The boundary is made of the identifier, from the clock and chance: no message can know it.
    private byte[] WithMessages(string encoding, byte[] body)
    {
        var output = new MemoryStream();
        void Write(string text) => output.Write(Encoding.ASCII.GetBytes(text));
        Write($"Content-Type: multipart/mixed; boundary=\"notice-{Id}\"\r\n\r\n--notice-{Id}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
        output.Write(body);
        foreach (var message in Attached)
        {
            Write($"\r\n--notice-{Id}\r\nContent-Type: message/rfc822\r\n\r\n");
            output.Write(message);
        }

        Write($"\r\n--notice-{Id}--\r\n");
        return output.ToArray();
    }

    /// <summary>Text with CRLF line ends as 7-bit octets, and the encoding that makes them so (RFC 2045 §6).</summary>
    internal static (string Encoding, byte[] Body) Encode(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        var others = text.Count(c => !char.IsAscii(c));
        if (others == 0 && !Octets.HasLongLine(octets))
        {
            return ("7bit", octets);
        }

        return others * LettersPerOther > text.Length
            ? ("base64", Octets.ToBase64(octets))
            : ("quoted-printable", Octets.ToQuotedPrintable(octets));
    }
}
