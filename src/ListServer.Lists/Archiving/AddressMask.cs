using System.Text;
using System.Text.RegularExpressions;
using ListServer.MailAuth;

namespace ListServer.Lists.Archiving;

/// <summary>Hides where an address is, so that nobody collects it from a page or a file that anybody may read.</summary>
public static partial class AddressMask
{
    private const string Hidden = "…";

    // RFC 2606 §2: nobody will ever have mail there.
    private const string HiddenDomain = "masked.invalid";

    // What names messages and tells how they are written is no address of a person.
    private static readonly string[] Left = ["Message-ID", "References", "In-Reply-To", "Content-Type", "Content-ID", "Content-Transfer-Encoding", "MIME-Version", "Archived-At"];

    /// <summary>A text without the domains of the addresses in it.</summary>
    public static string Text(string text) => Address().Replace(text, match => match.Groups[1].Value + "@" + Hidden);

    /// <summary>A message without the domains of the addresses in it, as far as they stand there to be read; it can still be parsed.</summary>
    public static byte[] Message(ReadOnlyMemory<byte> octets)
    {
        var raw = RawMessage.Parse(octets);
        using var masked = new MemoryStream(octets.Length);
        foreach (var field in raw.Fields)
        {
            masked.Write(Array.Exists(Left, field.Is) || field.Name.StartsWith("List-", StringComparison.OrdinalIgnoreCase) ? field.Octets.Span : Masked(field.Octets.Span));
        }

        masked.Write("\r\n"u8);
        foreach (var range in Lines(raw.Body))
        {
            // A boundary may look like an address.
            masked.Write(range.Span.StartsWith("--"u8) ? range.Span : Masked(range.Span));
        }

        return masked.ToArray();
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n') is >= 0 and var lf ? lf + 1 : body.Length;
            yield return body[..end];
            body = body[end..];
        }
    }

    private static ReadOnlySpan<byte> Masked(ReadOnlySpan<byte> octets) => octets.Contains((byte)'@')
        ? Encoding.Latin1.GetBytes(Address().Replace(Encoding.Latin1.GetString(octets), match => match.Groups[1].Value + "@" + HiddenDomain))
        : octets;

    [GeneratedRegex(@"([A-Za-z0-9._%+'=-]{1,64})@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
