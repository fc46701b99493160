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
        if (macros.Parts is [{ Literal: { } only }])
        {
            return Cut(only);
        }

        // From the right, and no further than can be left: a record may repeat a macro thousands of times (AUTH-98).
        var pieces = new Stack<string>();
        for (int i = macros.Parts.Length - 1, length = 0; i >= 0 && length <= DnsName.MaxLength + 1; i--)
        {
            var piece = await PieceAsync(macros.Parts[i], domain, cancellationToken).ConfigureAwait(false);
            pieces.Push(piece);
            length += piece.Length;
        }

        return Cut(string.Concat(pieces));
    }

    /// <summary>The text of an explanation, up to the macro or literal with which it is longer than <paramref name="enough"/>.</summary>
    public async ValueTask<string> ExpandTextAsync(MacroString macros, string domain, int enough, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        for (var i = 0; i < macros.Parts.Length && text.Length <= enough; i++)
        {
            text.Append(await PieceAsync(macros.Parts[i], domain, cancellationToken).ConfigureAwait(false));
        }

        return text.ToString();
    }

    /// <summary>Without the final dot; whole labels fall away on the left, as many as are too many, in one step.</summary>
    private static string Cut(string name)
    {
        name = name.EndsWith('.') ? name[..^1] : name;
        if (name.Length <= DnsName.MaxLength)
        {
            return name;
        }

        // Without a dot there, the last label alone is too long for any name.
        var dot = name.IndexOf('.', name.Length - DnsName.MaxLength - 1);
        return dot < 0 ? name[(name.LastIndexOf('.') + 1)..] : name[(dot + 1)..];
    }

    private async ValueTask<string> PieceAsync(MacroPart part, string domain, CancellationToken cancellationToken) =>
        part.Literal ?? Transform(part, await ValueAsync(part.Letter, domain, cancellationToken).ConfigureAwait(false));

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
