using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Spf;

/// <summary>Puts values in the place of macros (RFC 7208 §7).</summary>
internal sealed class MacroExpander(SpfSender sender, ValidatedNames names, TimeProvider time, SpfOptions options)
{
    /// <summary>The domain that a domain-spec names: without the final dot, and cut from the left to 253 octets (RFC 7208 §7.3).</summary>
    public async ValueTask<string> ExpandDomainAsync(MacroString macros, string domain, CancellationToken cancellationToken)
    {
        var name = await ExpandAsync(macros, domain, cancellationToken).ConfigureAwait(false);
        name = name.EndsWith('.') ? name[..^1] : name;
        while (name.Length > DnsName.MaxLength && name.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot)
        {
            name = name[(dot + 1)..];
        }

        return name;
    }

    /// <summary>The whole text, nothing cut.</summary>
    public async ValueTask<string> ExpandAsync(MacroString macros, string domain, CancellationToken cancellationToken)
    {
        if (macros.Parts is [{ Literal: { } only }])
        {
            return only;
        }

        var text = new StringBuilder();
        foreach (var part in macros.Parts)
        {
            text.Append(part.Literal ?? Transform(part, await ValueAsync(part.Letter, domain, cancellationToken).ConfigureAwait(false)));
        }

        return text.ToString();
    }

    private async ValueTask<string> ValueAsync(char letter, string domain, CancellationToken cancellationToken) => letter switch
    {
        's' => $"{sender.LocalPart}@{sender.Domain}",
        'l' => sender.LocalPart,
        'o' => sender.Domain,
        'd' => domain,
        'i' => IsV4 ? sender.Client.ToString() : Nibbles(sender.Client, '.'),
        'p' => await names.BestAsync(domain, cancellationToken).ConfigureAwait(false),
        'v' => IsV4 ? "in-addr" : "ip6",
        'h' => sender.Helo,
        'c' => sender.Client.ToString(),
        'r' => options.ReceiverName,
        _ => time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
    };

    private bool IsV4 => sender.Client.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>The 32 hexadecimal digits of an IPv6 address, most significant first.</summary>
    internal static string Nibbles(IPAddress address, char separator) =>
        string.Join(separator, Convert.ToHexStringLower(address.GetAddressBytes()).AsEnumerable());

    private static string Transform(MacroPart part, string value)
    {
        if (part.Keep > 0 || part.IsReversed || part.Delimiters != ".")
        {
            var pieces = value.Split(part.Delimiters.ToCharArray());
            if (part.IsReversed)
            {
                Array.Reverse(pieces);
            }

            value = string.Join('.', part.Keep > 0 ? pieces.TakeLast(part.Keep) : pieces);
        }

        return part.IsEscaped ? Uri.EscapeDataString(value) : value;
    }
}
