using System.Collections.Immutable;
using MimeKit;

namespace ListServer.Lists;

/// <summary>One mailbox of a field that holds many: To, Cc, or a From that need not be an author.</summary>
/// <param name="Name">The decoded display name, one line; empty when there is none.</param>
/// <param name="Address">As written, without white space; empty where only a name stands.</param>
public sealed record NamedAddress(string Name, string Address)
{
    // Bounded: the reader takes its time with endless fields (SEC-14).
    private const int MaxField = 64 * 1024;

    /// <summary>The mailboxes of a field, those in groups too, in their order. Never throws: what can't be read is left out.</summary>
    /// <param name="value">The octets behind the field's colon, folds included.</param>
    public static ImmutableArray<NamedAddress> ReadAll(ReadOnlySpan<byte> value)
    {
        var octets = Field(value[..Math.Min(value.Length, MaxField)]).ToArray();
        return InternetAddressList.TryParse(octets, out var list) ? [.. list.Mailboxes.Select(Read)] : [];
    }

    // RFC 5322 §2.2.3: a line end with no white space behind it ends the field.
    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> value)
    {
        for (var at = 0; value[at..].IndexOf((byte)'\n') is >= 0 and var line; at += line + 1)
        {
            if (at + line + 1 < value.Length && value[at + line + 1] is not ((byte)' ' or (byte)'\t'))
            {
                return value[..(at + line + 1)];
            }
        }

        return value;
    }

    private static NamedAddress Read(MailboxAddress mailbox) =>
        new(PostContent.OneLine(mailbox.Name ?? ""), PostContent.OneLine(mailbox.Address ?? ""));
}
