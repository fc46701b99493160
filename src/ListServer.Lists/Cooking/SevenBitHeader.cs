using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;
using MimeKit;
using MimeKit.Utils;

namespace ListServer.Lists.Cooking;

/// <summary>Header fields in ASCII. What has no form in ASCII stays as it is: an address, a field of the ARC chain.</summary>
internal static class SevenBitHeader
{
    private static readonly FormatOptions Ascii = new() { NewLineFormat = NewLineFormat.Dos };

    private static readonly FrozenSet<string> Addresses = new[]
    {
        "From", "Sender", "Reply-To", "To", "Cc", "Author", "Mail-Followup-To", "Mail-Reply-To",
        "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Reply-To",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Whatever stands in these is signed or read octet by octet: in other words it would not be the same.
    private static readonly FrozenSet<string> Fixed = new[]
    {
        "DKIM-Signature", "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results", "Authentication-Results", "Received", "Message-ID",
        "In-Reply-To", "References", "Content-ID", "Content-Transfer-Encoding", "MIME-Version", "Date",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The same array when all of it is in ASCII.</summary>
    public static ImmutableArray<HeaderField> Encode(ImmutableArray<HeaderField> fields) =>
        fields.Any(IsEightBit) ? [.. fields.Select(field => IsEightBit(field) ? Encode(field) : field)] : fields;

    private static bool IsEightBit(HeaderField field) => !System.Text.Ascii.IsValid(field.Octets.Span);

    private static HeaderField Encode(HeaderField field)
    {
        if (Fixed.Contains(field.Name) || !System.Text.Ascii.IsValid(field.Name))
        {
            return field;
        }

        var value = field.RawValue.ToArray();
        var encoded = Addresses.Contains(field.Name) ? EncodeAddresses(field.Name, value)
            : field.Is("Content-Type") ? EncodeType(value)
            : field.Is("Content-Disposition") ? EncodeDisposition(value)
            : EncodedWords.Text(PostContent.OneLine(Rfc2047.DecodeText(value)), Encoding.UTF8, field.Name.Length + 2);
        return encoded is not null && System.Text.Ascii.IsValid(encoded) ? Field.Make(field.Name, encoded) : field;
    }

    private static string? EncodeAddresses(string name, byte[] value)
    {
        if (!InternetAddressList.TryParse(value, out var addresses) || addresses.Count == 0)
        {
            return null;
        }

        var output = new StringBuilder();
        var column = name.Length + 2;
        foreach (var address in addresses)
        {
            var text = Write(address, column);
            var isFirst = output.Length == 0;
            output.Append(isFirst ? "" : ",\r\n ").Append(text);
            column = 1;
        }

        return output.ToString();
    }

    private static string Write(InternetAddress address, int column) => address switch
    {
        MailboxAddress { Name: { Length: > 0 } name } mailbox => EncodedWords.Mailbox(PostContent.OneLine(name), mailbox.GetAddress(idnEncode: true), column),
        MailboxAddress mailbox => mailbox.GetAddress(idnEncode: true),
        _ => address.ToString(Ascii, encode: true),
    };

    // RFC 2231 §4: names of files and the like.
    private static string? EncodeType(byte[] value) =>
        ContentType.TryParse(value, out var type) ? Value(type.ToString(Ascii, Encoding.UTF8, encode: true)) : null;

    private static string? EncodeDisposition(byte[] value) =>
        ContentDisposition.TryParse(value, out var disposition) ? Value(disposition.ToString(Ascii, Encoding.UTF8, encode: true)) : null;

    private static string Value(string field) => field[(field.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
}
