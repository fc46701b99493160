using System.Buffers;
using System.Globalization;

namespace ListServer.Smtp;

/// <summary>Writes replies as octets (RFC 5321 §4.2).</summary>
internal static class ReplyWriter
{
    /// <summary>A reply line has 512 octets at most, its code and CRLF included (RFC 5321 §4.5.3.1.5); the rest is room for the codes.</summary>
    private const int MaxText = 480;

    public static void Write(IBufferWriter<byte> output, SmtpReply reply)
    {
        var text = reply.Text.AsSpan();
        while (true)
        {
            var lineFeed = text.IndexOf('\n');
            var length = Math.Min(lineFeed < 0 ? text.Length : lineFeed, MaxText);
            var next = length + (length == lineFeed ? 1 : 0);
            var isLast = next == text.Length && length != lineFeed;
            WriteLine(output, reply, isLast ? ' ' : '-', text[..length]);
            if (isLast)
                return;
            text = text[next..];
        }
    }

    private static void WriteLine(IBufferWriter<byte> output, SmtpReply reply, char separator, ReadOnlySpan<char> text)
    {
        var line = output.GetSpan(512);
        reply.Code.TryFormat(line, out var at, provider: CultureInfo.InvariantCulture);
        line[at++] = (byte)separator;
        if (reply.EnhancedCode.Length > 0)
        {
            at += Put(line[at..], reply.EnhancedCode);
            line[at++] = (byte)' ';
        }
        at += Put(line[at..], text);
        line[at++] = (byte)'\r';
        line[at++] = (byte)'\n';
        output.Advance(at);
    }

    /// <summary>Nothing that came from a peer may end a line or reach a terminal: all but printable ASCII becomes a question mark.</summary>
    private static int Put(Span<byte> line, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
            line[i] = text[i] is >= ' ' and <= '~' ? (byte)text[i] : (byte)'?';
        return text.Length;
    }
}
