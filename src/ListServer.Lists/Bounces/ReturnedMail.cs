using System.Text;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Bounces;

/// <summary>What a returned message is made of, as far as its readers need it.</summary>
/// <param name="Sender">The address in From, in lower case; may be empty.</param>
/// <param name="HasNullPath">Whether the last hop wrote an empty Return-Path.</param>
/// <param name="Subject">The subject, decoded.</param>
/// <param name="FailedRecipients">X-Failed-Recipients, as Exim and Gmail write it; may be empty.</param>
/// <param name="IsReply">Whether a person or an answering machine wrote it, as far as the header tells.</param>
/// <param name="Status">The text of all message/delivery-status parts (RFC 3464), or empty.</param>
/// <param name="InnerStatus">The same of a report that is returned within this message.</param>
/// <param name="Feedback">The text of the message/feedback-report part (RFC 5965), or null.</param>
/// <param name="Words">The readable parts before the returned message.</param>
/// <param name="Returned">The fields of the returned message where it is a part; empty where it isn't.</param>
internal sealed record ReturnedMail(
    string Sender, bool HasNullPath, string Subject, string FailedRecipients, bool IsReply, string Status, string InnerStatus, string? Feedback, string Words, RawMessage Returned)
{
    private const int OctetsRead = 1024 * 1024;
    private const int PartOctetsRead = 256 * 1024;
    private const int MaxWords = 64 * 1024;

    /// <summary>Opens a message; null for what MimeKit can't take for one.</summary>
    public static ReturnedMail? Open(RawMessage message)
    {
        // What stands behind is the returned message's text: MimeKit ends quietly where the octets end.
        var octets = message.Octets[..Math.Min(message.Octets.Length, OctetsRead)].ToArray();
        using var stream = new MemoryStream(octets, writable: false);
        try
        {
            using var parsed = MimeMessage.Load(stream);
            return Read(parsed, message);
        }
        catch (FormatException)
        {
            // MimeKit has no TryLoad: what it can't take for a message is no report.
            return null;
        }
    }

    private static ReturnedMail Read(MimeMessage message, RawMessage octets)
    {
        var parts = message.BodyParts.ToList();
        return new ReturnedMail(
            (message.From.Mailboxes.FirstOrDefault()?.Address ?? message.Headers[HeaderId.From] ?? "").Trim().ToLowerInvariant(),
            message.Headers[HeaderId.ReturnPath]?.Trim() is "<>" or "<MAILER-DAEMON>",
            message.Subject ?? "",
            message.Headers["X-Failed-Recipients"] ?? "",
            AnswersAnother(message.Headers),
            ReadStatus(parts),
            ReadStatus(parts.OfType<MessagePart>().Take(1).SelectMany(part => part.Message?.BodyParts ?? [])),
            parts.OfType<MimePart>().Where(part => part.ContentType.IsMimeType("message", "feedback-report")).Select(Text).FirstOrDefault(),
            Cut(ReadWords(parts, octets)),
            parts.Select(ReturnedFields).FirstOrDefault(fields => fields is not null) ?? RawMessage.Parse(ReadOnlyMemory<byte>.Empty));
    }

    // RFC 3834 §5: an answer says so.
    private static bool AnswersAnother(HeaderList header) =>
        header["X-Autoreply"] is not null || header["X-Autorespond"] is not null || (header[HeaderId.InReplyTo] is not null && header["Auto-Submitted"] is null);

    // RFC 3464 §2.1, RFC 6533 §4.
    private static string ReadStatus(IEnumerable<MimeEntity> parts) => string.Join("\n\n", parts.OfType<MimePart>()
        .Where(part => part.ContentType.IsMimeType("message", "delivery-status") || part.ContentType.IsMimeType("message", "global-delivery-status"))
        .Select(Text));

    private static string ReadWords(List<MimeEntity> parts, RawMessage octets)
    {
        var texts = parts.OfType<TextPart>().TakeWhile(part => !IsReturned(part)).ToList();
        var words = string.Join('\n', texts.Where(part => part.IsPlain).Select(part => part.Text));
        words = string.IsNullOrWhiteSpace(words) ? string.Join('\n', texts.Where(part => part.IsHtml).Select(part => HtmlWords.Read(Cut(part.Text)))) : words;

        // A multipart whose boundary nowhere stands has no parts, but words all the same.
        return string.IsNullOrWhiteSpace(words) ? Encoding.UTF8.GetString(octets.Body.Span[..Math.Min(octets.Body.Length, MaxWords)]) : words;
    }

    private static bool IsReturned(MimeEntity part) => part.ContentType.IsMimeType("text", "rfc822-headers") || part.ContentType.IsMimeType("text", "rfc822-header");

    private static RawMessage? ReturnedFields(MimeEntity part)
    {
        switch (part)
        {
            case MessagePart { Message: { } returned }:
                using (var fields = new MemoryStream())
                {
                    returned.Headers.WriteTo(fields);
                    return RawMessage.Parse(fields.ToArray());
                }

            case MimePart headers when IsReturned(headers):
                return RawMessage.Parse(Octets(headers));
            default:
                return null;
        }
    }

    private static string Text(MimePart part) => Encoding.UTF8.GetString(Octets(part));

    private static byte[] Octets(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        return content.ToArray()[..(int)Math.Min(content.Length, PartOctetsRead)];
    }

    private static string Cut(string text) => text[..Math.Min(text.Length, MaxWords)];
}
