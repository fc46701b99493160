using System.Globalization;
using System.Text;
using ListServer.Lists;

namespace ListServer.Reception;

/// <summary>Writes our Received field (RFC 5321 §4.4).</summary>
internal static class ReceivedField
{
    /// <summary>The field with its folds and final CRLF. What the client said is cut down to the characters that names have.</summary>
    public static byte[] Write(Post post, string hostName)
    {
        var envelope = post.Envelope;
        var address = envelope.ClientAddress.Contains(':', StringComparison.Ordinal) ? "IPv6:" + envelope.ClientAddress : envelope.ClientAddress;
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Received: from {Name(envelope.Helo)} ([{address}])\r\n")
            .Append(CultureInfo.InvariantCulture, $"\tby {hostName} (ListServer) with {envelope.Protocol} id {post.Id}\r\n");
        if (envelope.Tls is { } tls)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t({tls})\r\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\tfor <{post.List}>; {Date(post.ReceivedAt)}\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>A date-time of RFC 5322 §3.3, in UTC.</summary>
    public static string Date(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("ddd, d MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    private static string Name(string helo)
    {
        var name = string.Concat(helo.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']'));
        return name.Length is > 0 and <= 255 ? name : "unknown";
    }
}
