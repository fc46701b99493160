using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Bounces;

/// <summary>Reads feedback reports: multipart/report with message/feedback-report (RFC 5965 §2). Pure and safe from any thread.</summary>
public static class FeedbackReader
{
    private const int MaxRecipients = 100;

    /// <summary>The report; null for anything else.</summary>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    public static FeedbackReport? Read(RawMessage message)
    {
        if (ReturnedMail.Open(message) is not { Feedback: { } feedback } mail)
        {
            return null;
        }

        // RFC 5965 §3.1, §3.2: of fields that may stand once, the first counts; Original-Rcpt-To may stand often.
        var fields = StatusFields.Read(feedback);
        return First(fields, "Feedback-Type") is { Length: > 0 } type
            ? new FeedbackReport(
                type.ToLowerInvariant(), First(fields, "User-Agent") ?? "", First(fields, "Original-Mail-From")?.Trim('<', '>'),
                [.. All(fields, "Original-Rcpt-To").Select(value => value.Trim('<', '>')).Take(MaxRecipients)], First(fields, "Source-IP"), MessageId(mail))
            : null;
    }

    private static IEnumerable<string> All(ImmutableArray<StatusFields.Field> fields, string name) =>
        fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    private static string? First(ImmutableArray<StatusFields.Field> fields, string name) => All(fields, name).FirstOrDefault();

    private static string MessageId(ReturnedMail mail) =>
        mail.Returned.Fields.Where(field => field.Is("Message-ID")).Select(field => Encoding.UTF8.GetString(field.RawValue.Span).Trim()).FirstOrDefault(id => id is ['<', .., '>']) ?? "";
}
