using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using ListServer.Smtp;

namespace ListServer.Outbound;

/// <summary>Reads server replies (RFC 5321 §4.2) and keeps them small: a line of 2 KB, a reply of 64 KB, no more (SEC-5).</summary>
/// <remarks>For one connection, one read at a time.</remarks>
internal sealed partial class ReplyReader(PipeReader input)
{
    private const int MaxLine = 2 * 1024;
    private const int MaxReply = 64 * 1024;

    /// <summary>As many as a server gives in one transaction, and more.</summary>
    private const int Remembered = 8;
    private const int LongestRemembered = 256;

    private readonly (byte[] Octets, SmtpReply Reply)[] _known = new (byte[], SmtpReply)[Remembered];
    private int _nextKnown;

    /// <summary>True when octets lie in the buffer that nobody has read yet.</summary>
    public bool HasUnread
    {
        get
        {
            if (!input.TryRead(out var read))
            {
                return false;
            }

            input.AdvanceTo(read.Buffer.Start);
            return !read.Buffer.IsEmpty;
        }
    }

    /// <summary>Waits for a whole reply.</summary>
    /// <exception cref="InvalidDataException">What came is no reply, or is too large.</exception>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<SmtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (ReplyEnd(read.Buffer) is { } end)
            {
                var reply = Parse(read.Buffer.Slice(0, end));
                input.AdvanceTo(end);
                return reply;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                throw new EndOfStreamException("the server closed the connection");
            }
        }
    }

    /// <summary>Finds the end of the first whole reply: the line whose fourth octet is no hyphen.</summary>
    private static SequencePosition? ReplyEnd(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (line.Length > MaxLine || reader.Consumed > MaxReply)
            {
                throw new InvalidDataException("a reply larger than any server has need of");
            }

            if (IsLastLine(line))
            {
                return reader.Position;
            }
        }

        return reader.Remaining <= MaxLine && buffer.Length <= MaxReply
            ? null
            : throw new InvalidDataException("a reply larger than any server has need of");
    }

    private static bool IsLastLine(ReadOnlySequence<byte> line)
    {
        Span<byte> start = stackalloc byte[4];
        var length = (int)Math.Min(line.Length, 4);
        line.Slice(0, length).CopyTo(start);
        return start[..length] switch
        {
            [>= (byte)'2' and <= (byte)'5', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', .. var rest] =>
                rest.IsEmpty || rest[0] is (byte)' ' or (byte)'\r' || (rest[0] == '-' ? false : throw NoReply()),
            _ => throw NoReply(),
        };

        static InvalidDataException NoReply() => new("a line that is no SMTP reply");
    }

    /// <summary>A server says the same few things again and again: then the answer is the same too.</summary>
    private SmtpReply Parse(ReadOnlySequence<byte> octets)
    {
        var text = octets.IsSingleSegment ? octets.FirstSpan : octets.ToArray();
        foreach (var (known, reply) in _known)
        {
            if (known is not null && text.SequenceEqual(known))
            {
                return reply;
            }
        }

        var parsed = Parse(Encoding.UTF8.GetString(text));
        if (text.Length <= LongestRemembered)
        {
            _known[_nextKnown] = (text.ToArray(), parsed);
            _nextKnown = (_nextKnown + 1) % Remembered;
        }

        return parsed;
    }

    private static SmtpReply Parse(string reply)
    {
        var lines = reply.TrimEnd('\r', '\n').Split('\n');
        var enhanced = EnhancedCode().Match(lines[0]) is { Success: true } match ? match.Groups[1].Value : "";
        var text = string.Join('\n', lines.Select(line => Words(line, enhanced)));

        // "the client may rely on the code of any line" (RFC 5321 §4.2.1): the last one ends the reply.
        return new SmtpReply(int.Parse(lines[^1].AsSpan(0, 3), null), enhanced, Printable(new StringBuilder(text)));
    }

    private static string Words(string line, string enhanced)
    {
        var words = line.Length > 4 ? line[4..].TrimEnd('\r') : "";
        return enhanced.Length > 0 && words.StartsWith(enhanced, StringComparison.Ordinal) ? words[enhanced.Length..].TrimStart(' ') : words;
    }

    /// <summary>A server's words go to terminals, logs and pages: control characters become question marks.</summary>
    private static string Printable(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] != '\n')
            {
                text[i] = text[i] == '\t' ? ' ' : '?';
            }
        }

        return text.ToString();
    }

    /// <summary>RFC 3463 §2, in its place by RFC 2034 §4.</summary>
    [GeneratedRegex(@"\A\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=[ \r]|\z)", RegexOptions.CultureInvariant)]
    private static partial Regex EnhancedCode();
}
