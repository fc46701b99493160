using System.Collections.Immutable;

namespace ListServer.Lists.Bounces;

/// <summary>The recipients of a message/delivery-status part (RFC 3464), or of its like that stands as plain text in a notice.</summary>
internal static class StatusReport
{
    private const int MaxRecipients = 100;
    private const int MaxStatus = 12;

    /// <summary>The recipients that the part tells of; empty for a part about nobody.</summary>
    public static ImmutableArray<ReturnedRecipient> Read(string text)
    {
        var recipients = ImmutableArray.CreateBuilder<ReturnedRecipient>();
        var current = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in StatusFields.Read(text))
        {
            // RFC 3464 §2.1 divides recipients by an empty line. Some writers forget it and some put one too many, so a recipient ends where
            // one of its fields comes a second time.
            if (IsRecipientField(field.Name) && !current.TryAdd(field.Name, field.Value))
            {
                Keep();
                current[field.Name] = field.Value;
            }
        }

        Keep();
        return recipients.ToImmutable();

        void Keep()
        {
            if (ReadRecipient(current) is { } recipient && recipients.Count < MaxRecipients)
            {
                recipients.Add(recipient);
            }

            current.Clear();
        }
    }

    private static bool IsRecipientField(string name) => name.ToUpperInvariant() is
        "ORIGINAL-RECIPIENT" or "FINAL-RECIPIENT" or "ACTION" or "STATUS" or "DIAGNOSTIC-CODE" or "X-ACTUAL-RECIPIENT";

    private static ReturnedRecipient? ReadRecipient(Dictionary<string, string> fields)
    {
        var (original, final) = (Address(fields, "Original-Recipient"), Address(fields, "Final-Recipient") ?? Address(fields, "X-Actual-Recipient"));
        var status = Status(fields.GetValueOrDefault("Status"));
        return (original ?? final) is not null && Action(fields.GetValueOrDefault("Action"), status) is { } action
            ? new ReturnedRecipient(original, final, action, status, NoticeText.Short(fields.GetValueOrDefault("Diagnostic-Code") ?? ""))
            : null;
    }

    // RFC 3464 §2.3.3. Where the word is missing the status may tell; an unknown word tells nothing.
    private static ReturnAction? Action(string? word, string status) => word?.Split(' ', '\t', '(', ';')[0].ToUpperInvariant() switch
    {
        "FAILED" or "FAILURE" or "EXPIRED" => ReturnAction.Failed,
        "DELAYED" => ReturnAction.Delayed,
        "DELIVERED" or "RELAYED" or "EXPANDED" => ReturnAction.Delivered,
        null => status switch
        {
            ['5', ..] => ReturnAction.Failed,
            ['4', ..] => ReturnAction.Delayed,
            _ => null,
        },
        _ => null,
    };

    // RFC 3464 §2.3.1, RFC 6533 §3: "rfc822; address" or "utf-8; address". Some leave the type out. Anything but one plain address is nobody.
    private static string? Address(Dictionary<string, string> fields, string name)
    {
        if (fields.GetValueOrDefault(name) is not { } value)
        {
            return null;
        }

        var semicolon = value.IndexOf(';', StringComparison.Ordinal);
        var (type, address) = semicolon < 0 ? ("rfc822", value) : (value[..semicolon].Trim().ToLowerInvariant(), value[(semicolon + 1)..]);
        // A comment may follow.
        address = address.IndexOf(" (", StringComparison.Ordinal) is > 0 and var comment ? address[..comment] : address;
        return AddressScan.Whole(type is "utf-8" ? Utf8Address.Decode(address) : address);
    }

    private static string Status(string? value)
    {
        var status = value?.Trim().Split(' ', '\t', '(', ';')[0] ?? "";
        return status.Length <= MaxStatus && status.Split('.') is [("2" or "4" or "5"), var subject, var detail] && IsNumber(subject) && IsNumber(detail)
            ? status
            : "";
    }

    private static bool IsNumber(string text) => text.Length is > 0 and <= 3 && text.All(char.IsAsciiDigit);
}
