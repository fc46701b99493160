using System.Text;
using MimeKit;

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
    private const int OctetsPerOtherLetter = 6;

    private static readonly FormatOptions Wire = new() { NewLineFormat = NewLineFormat.Dos };
    private static readonly FormatOptions InternationalWire = new() { NewLineFormat = NewLineFormat.Dos, International = true };

    /// <summary>Where an answer goes, or null for the list's -request address, which it comes from.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The Message-ID, in angle brackets, of the message that it answers; empty for none.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>The address it comes from.</summary>
    public string From => $"{List.LocalPart}-request@{List.Domain}";

    /// <summary>Its octets, ready to be signed: CRLF line ends, 7-bit unless an address is not ASCII (RFC 6532).</summary>
    public byte[] ToOctets()
    {
        using var message = new MimeMessage();
        WriteHeader(message);
        var text = TextLines.Wrap(Notice.Text);
        message.Body = new TextPart("plain") { Text = text, ContentTransferEncoding = EncodingOf(text) };
        using var stream = new MemoryStream();
        message.WriteTo(Ascii.IsValid(To) ? Wire : InternationalWire, stream);
        return stream.ToArray();
    }

    private void WriteHeader(MimeMessage message)
    {
        var headers = message.Headers;
        headers.Clear();
        message.From.Add(new MailboxAddress(Encoding.UTF8, Clean.Line(List.DisplayName), From));
        message.To.Add(new MailboxAddress(null, To));
        if (ReplyTo is not null)
        {
            message.ReplyTo.Add(new MailboxAddress(null, ReplyTo));
        }

        message.Subject = Clean.Line(Notice.Subject);
        message.Date = Date;
        headers.Add(HeaderId.MessageId, $"<{Id}@{List.Domain}>");
        if (InReplyTo.Length > 0)
        {
            headers.Add(HeaderId.InReplyTo, InReplyTo);
            headers.Add(HeaderId.References, InReplyTo);
        }

        // RFC 3834 §5: with the null reverse-path, what keeps two programs from answering each other.
        headers.Add(HeaderId.AutoSubmitted, "auto-replied");
        headers.Add(HeaderId.ListId, $"<{List.ListId}>");
    }

    private static ContentEncoding EncodingOf(string text)
    {
        var others = text.Count(c => !char.IsAscii(c));
        return others == 0 ? ContentEncoding.SevenBit
            : others * OctetsPerOtherLetter > text.Length ? ContentEncoding.Base64
            : ContentEncoding.QuotedPrintable;
    }
}
