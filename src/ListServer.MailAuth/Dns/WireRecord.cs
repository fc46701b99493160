using System.Globalization;
using System.Text;
using DnsClient.Protocol;

namespace ListServer.MailAuth.Dns;

/// <summary>Turns DnsClient's records into ours, with the octets that stood on the wire.</summary>
internal static class WireRecord
{
    /// <summary>Null for a type that nobody asks for.</summary>
    public static DnsRecord? Read(DnsResourceRecord record) => record switch
    {
        ARecord a => new AddressRecord(a.Address),
        AaaaRecord aaaa => new AddressRecord(aaaa.Address),
        MxRecord mx => new MXRecord(mx.Preference, Name(mx.Exchange)),
        PtrRecord ptr => new NameRecord(Name(ptr.PtrDomainName)),
        NsRecord ns => new NameRecord(Name(ns.NSDName)),
        DnsClient.Protocol.TxtRecord txt => new TxtRecord(Text(txt)),
        DnsClient.Protocol.TlsaRecord tlsa => new TlsaRecord(
            (byte)tlsa.CertificateUsage,
            (byte)tlsa.Selector,
            (byte)tlsa.MatchingType,
            [.. tlsa.CertificateAssociationData]),
        _ => null,
    };

    public static string Name(string name) => Unescape(name.EndsWith('.') ? name[..^1] : name, isBackslashEscaped: true);

    /// <summary>
    /// DnsClient gives the strings decoded as UTF-8, and escaped. The first is exact when nothing was undecodable;
    /// the second is used otherwise.
    /// </summary>
    private static string Text(DnsClient.Protocol.TxtRecord record)
    {
        var text = string.Concat(record.Text);
        if (Ascii.IsValid(text))
        {
            return text;
        }

        return text.Contains('\uFFFD', StringComparison.Ordinal)
            ? Unescape(string.Concat(record.EscapedText), isBackslashEscaped: false)
            : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Undoes \DDD and \X (RFC 1035 §5.1). DnsClient escapes a backslash in names, but not in strings.</summary>
    private static string Unescape(string text, bool isBackslashEscaped)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var octets = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                octets.Append(text[i]);
            }
            else if (i + 3 < text.Length && byte.TryParse(text.AsSpan(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
            {
                octets.Append((char)octet);
                i += 3;
            }
            else if (isBackslashEscaped || text[i + 1] == '"')
            {
                octets.Append(text[++i]);
            }
            else
            {
                octets.Append('\\');
            }
        }

        return octets.ToString();
    }
}
