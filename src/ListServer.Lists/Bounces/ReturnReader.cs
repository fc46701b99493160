using System.Collections.Immutable;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Bounces;

/// <summary>Reads delivery status notifications: multipart/report (RFC 6522) with message/delivery-status (RFC 3464).</summary>
public static class ReturnReader
{
    private const int OctetsRead = 1024 * 1024;
    private const int MaxRecipients = 100;
    private const int MaxDiagnostic = 300;
    private const int MaxStatus = 12;

    /// <summary>The report; null for anything else, however much it looks like a bounce.</summary>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    public static ReturnReport? Read(RawMessage message)
    {
        // What stands behind is the returned message's text: MimeKit ends quietly where the octets end.
        var octets = message.Octets[..Math.Min(message.Octets.Length, OctetsRead)].ToArray();
        using var stream = new MemoryStream(octets, writable: false);
        try
        {
            using var parsed = MimeMessage.Load(stream);
            if (parsed.Body is not Multipart report || !report.ContentType.IsMimeType("multipart", "report")
                || report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { } status)
            {
                return null;
            }

            // RFC 3464 §2.1: the first group is about the message, each other one about a recipient.
            var recipients = status.StatusGroups.Skip(1).Select(ReadRecipient).OfType<ReturnedRecipient>().Take(MaxRecipients).ToImmutableArray();
            return recipients.IsEmpty ? null : new ReturnReport(recipients, ReadMessageId(report));
        }
        catch (FormatException)
        {
            // MimeKit has no TryLoad: what it can't take for a message is no report.
            return null;
        }
    }

    private static ReturnedRecipient? ReadRecipient(HeaderList fields)
    {
        var (original, final) = (Address(fields["Original-Recipient"]), Address(fields["Final-Recipient"]));
        ReturnAction? action = fields["Action"]?.Trim().ToLowerInvariant() switch
        {
            "failed" => ReturnAction.Failed,
            "delayed" => ReturnAction.Delayed,
            "delivered" or "relayed" or "expanded" => ReturnAction.Delivered,
            _ => null,
        };
        return action is null || (original ?? final) is null
            ? null
            : new ReturnedRecipient(original, final, action.Value, Status(fields["Status"]), Short(fields["Diagnostic-Code"]));
    }

    // RFC 3464 §2.3.1: "rfc822; address". Anything but one plain address is nobody.
    private static string? Address(string? value)
    {
        var semicolon = value?.IndexOf(';', StringComparison.Ordinal) ?? -1;
        var address = semicolon < 0 ? "" : value![(semicolon + 1)..].Trim().Trim('<', '>');
        return address.Length <= 320 && address.IndexOf('@', StringComparison.Ordinal) > 0 && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? address
            : null;
    }

    private static string Status(string? value)
    {
        var status = value?.Trim().Split(' ', '\t', '(')[0] ?? "";
        return status.Length <= MaxStatus && status.Split('.') is [("2" or "4" or "5"), var subject, var detail] && IsNumber(subject) && IsNumber(detail)
            ? status
            : "";
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit);

    private static string Short(string? value)
    {
        var line = PostContent.OneLine(value ?? "");
        return line.Length <= MaxDiagnostic ? line : line[..MaxDiagnostic] + "…";
    }

    private static string ReadMessageId(Multipart report) =>
        report.Skip(1).Select(part => part switch
        {
            MessagePart { Message: { } returned } => returned.Headers[HeaderId.MessageId],
            MimePart headers when headers.ContentType.IsMimeType("text", "rfc822-headers") => ReadHeaders(headers),
            _ => null,
        }).OfType<string>().Select(id => id.Trim()).FirstOrDefault(id => id is ['<', .., '>']) ?? "";

    private static string? ReadHeaders(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        var fields = RawMessage.Parse(content.ToArray());
        var id = PostContent.Read(fields).MessageId;
        return id.Length > 0 ? id : null;
    }
}
