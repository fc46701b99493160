using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ListServer.Lists.Publishing;

/// <summary>A DNS record that a domain's mail needs.</summary>
/// <param name="Purpose">MX, SPF, DKIM, DMARC …</param>
/// <param name="Name">Where it stands, without the final dot.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Value">What it says; a TXT record's text in one piece.</param>
/// <param name="IsElsewhere">True when it stands in another zone than the domain's.</param>
public sealed record PublishedRecord(string Purpose, string Name, string Kind, string Value, bool IsElsewhere = false)
{
    // RFC 1035 §3.3: a character string holds 255 octets, so a longer text is cut into several.
    private const int CharacterString = 255;

    /// <summary>The record as a line of a zone file.</summary>
    public string ZoneLine => $"{Name}. IN {Kind} {(Kind == "TXT" ? Quoted(Value) : Value)}";

    /// <summary>A text as a zone file has it: strings in quotation marks, in brackets where there are several (RFC 1035 §5.1).</summary>
    public static string Quoted(string text)
    {
        var strings = text.Chunk(CharacterString).Select(part => Quote(new string(part))).ToList();
        return strings.Count == 1 ? strings[0] : $"( {string.Join(' ', strings)} )";
    }

    /// <summary>The name at which an address has its PTR record (RFC 1035 §3.5; RFC 3596 §2.5).</summary>
    public static string ReverseName(IPAddress address)
    {
        var octets = address.GetAddressBytes().Reverse();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', octets) + ".in-addr.arpa"
            : string.Concat(octets.Select(octet => $"{octet & 15:x}.{octet >> 4:x}.")) + "ip6.arpa";
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c is '"' or '\\' ? "\\" : "").Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
