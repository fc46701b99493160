using System.Collections.Immutable;
using System.Text;
using ListServer.Lists.Cooking;
using ListServer.Lists.Notices;

namespace ListServer.Lists.Digests;

/// <summary>A digest or summary as a mail, ready to be signed: ASCII but for addresses that are not, CRLF line ends.</summary>
/// <param name="List">Whose posts it holds.</param>
/// <param name="Words">Subject and the text that stands before the posts.</param>
/// <param name="Topics">The posts, in the order they came.</param>
/// <param name="Id">From the clock and chance: the left side of its Message-ID and a boundary that no post can know.</param>
/// <param name="Date">When it is made.</param>
public sealed record DigestMail(MailingList List, Notice Words, ImmutableArray<DigestTopic> Topics, string Id, DateTimeOffset Date)
{
    // What tells a reader who wrote what, and to whom an answer goes. What servers on the way noted stays out, and so do signatures: they were
    // made for the message by itself.
    private static readonly string[] Kept =
    [
        "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Keywords", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-Language", "Archived-At",
    ];

    /// <summary>Each post whole, in a multipart/digest (RFC 2046 §5.1.5).</summary>
    public byte[] ToMime()
    {
        var output = new MemoryStream();
        var (outer, inner) = ($"digest-{Id}", $"posts-{Id}");
        Write(output, Header() + $"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{outer}\"\r\n\r\n");
        Write(output, $"--{outer}\r\n");
        WriteText(output, Words.Text);
        Write(output, $"--{outer}\r\nContent-Type: multipart/digest; boundary=\"{inner}\"\r\n\r\n");
        foreach (var topic in Topics)
        {
            // RFC 2046 §5.1.5: a part without a Content-Type is a message.
            Write(output, $"--{inner}\r\n\r\n");
            WriteMessage(output, topic);
        }

        Write(output, $"--{inner}--\r\n\r\n--{outer}\r\n");
        WriteText(output, PlainDigest.End(Words.Subject));
        Write(output, $"--{outer}--\r\n");
        return output.ToArray();
    }

    /// <summary>All posts in one text (RFC 1153).</summary>
    public byte[] ToPlain() => ToText(PlainDigest.Write(Words, Topics));

    /// <summary>The words alone, which name the posts.</summary>
    public byte[] ToSummary() => ToText(TextLines.Wrap(Words.Text));

    private byte[] ToText(string text)
    {
        var output = new MemoryStream();
        Write(output, Header() + "MIME-Version: 1.0\r\n");
        WriteBody(output, text);
        return output.ToArray();
    }

    private string Header()
    {
        var (header, request) = (new StringBuilder(), List.RoleAddress("request"));
        Add("From", EncodedWords.Mailbox(Clean.Line(List.DisplayName), request, "From: ".Length));
        Add("To", $"<{List.Address}>");
        Add("Reply-To", $"<{List.Address}>");
        Add("Subject", EncodedWords.Text(Words.Subject, Encoding.UTF8, "Subject: ".Length));
        Add("Date", ListFieldsStep.Date(Date));
        Add("Message-ID", $"<{Id}@{List.Domain}>");
        foreach (var (name, value) in ListFieldsStep.Values(List))
        {
            Add(name, value);
        }

        return header.ToString();

        void Add(string name, string value) => header.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    private static void WriteText(MemoryStream output, string text) => WriteBody(output, TextLines.Wrap(text));

    private static void WriteBody(MemoryStream output, string text)
    {
        var (encoding, body) = NoticeMail.Encode(text);
        Write(output, $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
        output.Write(body);
        Write(output, body.AsSpan().EndsWith("\r\n"u8) ? "" : "\r\n");
    }

    private static void WriteMessage(MemoryStream output, DigestTopic topic)
    {
        foreach (var field in topic.Message.Fields)
        {
            if (Array.Exists(Kept, field.Is))
            {
                output.Write(field.Octets.Span);
            }
        }

        Write(output, "\r\n");
        output.Write(topic.Message.Body.Span);
        Write(output, "\r\n");
    }

    private static void Write(MemoryStream output, string text) => output.Write(Encoding.UTF8.GetBytes(text));
}
