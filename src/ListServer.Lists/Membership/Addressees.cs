using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists.Membership;

/// <summary>Whom a message names as its recipients: they have it without the list.</summary>
public static class Addressees
{
    private const int Most = 200;

    /// <summary>The addresses in To and Cc in their stored form, without those that can't be read; the first 200.</summary>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    public static ImmutableArray<string> Of(RawMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return [.. message.Fields.Where(field => field.Is("To") || field.Is("Cc")).SelectMany(Read).Distinct(StringComparer.OrdinalIgnoreCase).Take(Most)];
    }

    private static IEnumerable<string> Read(HeaderField field) =>
        NamedAddress.ReadAll(field.RawValue.Span).Select(Stored).OfType<string>();

    private static string? Stored(NamedAddress mailbox) => MemberAddress.TryParse(mailbox.Address, out var address, out _) ? address : null;
}
