using System.Text;

namespace ListServer.Lists.Cooking;

/// <summary>The list's footer, ready to be written.</summary>
/// <param name="Text">Lines, each ended by CRLF; no control character but tab, and no white space at a line's end but in "-- ".</param>
internal sealed record FooterText(string Text)
{
    /// <summary>These lines as a footer, or null when they say nothing.</summary>
    public static FooterText? Of(string lines)
    {
        var text = new StringBuilder(lines.Length + 16);
        foreach (var line in lines.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            // A space at a line's end means something only in the separator before a signature.
            foreach (var c in line == "-- " ? line : line.TrimEnd())
            {
                if (!char.IsControl(c) || c == '\t')
                {
                    text.Append(c);
                }
            }

            text.Append("\r\n");
        }

        var result = text.ToString();
        return string.IsNullOrWhiteSpace(result) ? null : new FooterText(result);
    }

    /// <summary>As a MIME entity of its own: header, empty line, content.</summary>
    public byte[] ToPart()
    {
        var content = Encoding.UTF8.GetBytes(Text);
        var isPlain = !content.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)127) && !Octets.HasLongLine(content);
        var header = isPlain
            ? "Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n"
            : "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n";
        return
        [
            .. Encoding.ASCII.GetBytes(header + "Content-Disposition: inline\r\n\r\n"),
            .. isPlain ? content : Octets.ToBase64(content),
        ];
    }
}
