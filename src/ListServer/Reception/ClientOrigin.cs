using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ListServer.MailAuth;

namespace ListServer.Reception;

/// <summary>
/// The real SMTP client behind an MTA in front, read from the Received field that the outermost trusted MTA added (RFC 5321 §4.4):
/// from HELO (NAME [ADDRESS]) by …
/// </summary>
/// <param name="Address">The client's address.</param>
/// <param name="Helo">The name it gave.</param>
internal sealed partial record ClientOrigin(IPAddress Address, string Helo)
{
    /// <summary>Reads the n-th Received field from the top; null when there is none, or when it names no address.</summary>
    public static ClientOrigin? Read(RawMessage message, int trustedReceived)
    {
        var field = message.Fields.Where(f => f.Is("Received")).Take(trustedReceived).ToList();
        if (trustedReceived == 0 || field.Count < trustedReceived)
        {
            return null;
        }

        var value = Encoding.Latin1.GetString(field[^1].RawValue.Span);
        var match = From().Match(value);
        return match.Success && IPAddress.TryParse(match.Groups["ip"].Value, out var address)
            ? new ClientOrigin(address, match.Groups["helo"].Value)
            : null;
    }

    // HELO is one word of the client's choice, whatever stands in it; the parenthesis behind it is the MTA's.
    [GeneratedRegex(
        @"^\s*from\s+(?<helo>\S+)\s+\((?:HELO\s+\S+\s+)?(?:[^\s()\[\]]*\s*)\[(?:IPv6:)?(?<ip>[0-9A-Fa-f.:]+)\][^()]*\)\s+by\s",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex From();
}
