using System.Text.Json;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.MailAuth;

namespace ListServer.Conformance;

/// <summary>Answers to the operations bounce and arf.</summary>
internal static class ReturnAnswers
{
    public static void WriteReturn(Utf8JsonWriter writer, RawMessage message)
    {
        var report = PreCheck.Problem(message.Octets.Span) is null ? ReturnReader.Read(message) : null;
        writer.WriteBoolean("isBounce", report?.Recipients.Any(r => r.Action is not ReturnAction.Delivered) ?? false);
        writer.WriteStartArray("recipients");
        foreach (var recipient in report?.Recipients ?? [])
        {
            writer.WriteStartObject();
            writer.WriteString("address", recipient.Address);
            writer.WriteString("action", recipient.Action.ToString().ToLowerInvariant());
            if (recipient.IsPermanent is { } isPermanent)
            {
                writer.WriteBoolean("permanent", isPermanent);
            }

            writer.WriteString("status", recipient.Status);
            writer.WriteString("class", recipient.Class.ToString());
            writer.WriteString("diagnostic", recipient.Diagnostic);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteFeedback(Utf8JsonWriter writer, RawMessage message)
    {
        var report = PreCheck.Problem(message.Octets.Span) is null ? FeedbackReader.Read(message) : null;
        writer.WriteBoolean("isReport", report is not null);
        if (report is null)
        {
            return;
        }

        writer.WriteString("feedbackType", report.FeedbackType);
        writer.WriteString("userAgent", report.UserAgent);
        writer.WriteString("originalMailFrom", report.OriginalMailFrom);
        writer.WriteString("sourceIp", report.SourceIp);
        writer.WriteStartArray("originalRcptTo");
        foreach (var recipient in report.OriginalRcptTo)
        {
            writer.WriteStringValue(recipient);
        }

        writer.WriteEndArray();
    }
}
