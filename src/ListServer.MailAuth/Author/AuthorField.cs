using System.Text;

namespace ListServer.MailAuth.Author;

/// <summary>
/// Finds the one author of a message: the single From address that verification, display and rewriting all use (SEC-17, AUTH-11).
/// What readers could disagree about is refused, not repaired (AUTH-90, AUTH-91).
/// </summary>
public static class AuthorField
{
    /// <summary>One name and one address need no more; hostile fields cost no more (AUTH-98).</summary>
    private const int MaxOctets = 10_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the From field of a message. Never throws: what is wrong is told in <see cref="AuthorResult.Reason"/>.</summary>
    public static AuthorResult Read(RawMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        HeaderField? from = null;
        foreach (var field in message.Fields)
        {
            if (!field.LooksLike("From"u8))
            {
                continue;
            }

            if (!Ascii.EqualsIgnoreCase(field.RawName.Span, "From"u8))
            {
                return Invalid("white space, a fold or a control character stands in the name of a From field");
            }

            if (from is not null)
            {
                return Invalid("there is more than one From field");
            }

            from = field;
        }

        if (from is null)
        {
            return Invalid("there is no From field");
        }

        return HidesFrom(message.Octets[..message.HeaderOctets])
            ? Invalid("a From field stands behind a bare CR")
            : ReadValue(from.Value.RawValue.Span);
    }

    /// <summary>Reads the octets behind "From:", folds and the final line end included.</summary>
    public static AuthorResult ReadValue(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxOctets)
        {
            return Invalid($"the From field is longer than {MaxOctets} octets");
        }

        if (Unfold(value, out var fault) is not { } text)
        {
            return Invalid(fault);
        }

        var mailbox = MailboxReader.Read(text, out fault);
        if (mailbox is null)
        {
            return Invalid(fault);
        }

        // RFC 9989 §5.3.1: U-labels become A-labels.
        return DomainName.ToAscii(mailbox.Domain) is { } domain
            ? new AuthorResult($"{mailbox.LocalPart}@{mailbox.Domain}", domain, mailbox.DisplayName, null)
            : Invalid("the address has no valid domain name");
    }

    /// <summary>True when readers that take a CR alone for the end of a line see a From field that others do not (AUTH-90).</summary>
    private static bool HidesFrom(ReadOnlyMemory<byte> header)
    {
        while (header.Span.IndexOf((byte)'\r') is var cr && cr >= 0)
        {
            header = header[(cr + 1)..];
            var line = header.Span.IndexOfAny((byte)'\r', (byte)'\n') is var end and >= 0 ? header[..end] : header;
            if (new HeaderField(line).LooksLike("From"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static AuthorResult Invalid(string reason) => new(null, null, null, reason);

    /// <summary>The value in one line (RFC 5322 §2.2.3), read as UTF-8 (RFC 6532); null when it holds octets that no From may hold.</summary>
    private static string? Unfold(ReadOnlySpan<byte> value, out string fault)
    {
        fault = "the From field is not in UTF-8";
        var line = value.EndsWith("\r\n"u8) ? value[..^2] : value.EndsWith("\n"u8) ? value[..^1] : value;
        var octets = new byte[line.Length];
        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var octet = line[i];
            var end = octet == '\r' && i + 1 < line.Length && line[i + 1] == '\n' ? i + 1 : i;
            if (line[end] == '\n' && end + 1 < line.Length && line[end + 1] is (byte)' ' or (byte)'\t')
            {
                i = end;
                continue;
            }

            if (octet is < (byte)' ' and not (byte)'\t' or 0x7F)
            {
                fault = "the From field holds a control character";
                return null;
            }

            octets[length++] = octet;
        }

        try
        {
            return Utf8.GetString(octets, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
