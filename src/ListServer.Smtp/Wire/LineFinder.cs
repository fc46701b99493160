using System.Buffers;
using System.Text;

namespace ListServer.Smtp;

/// <summary>Finds a line in what has arrived. A line ends in CRLF and in nothing else (RFC 5321 §2.3.8).</summary>
internal sealed class LineFinder
{
    /// <summary>U+FFFD stands for octets that are not UTF-8.</summary>
    private static readonly SearchValues<char> Unwanted =
        SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(c => (char)c), '\uFFFD']);

    private readonly int _limit;
    private readonly int _authLimit;

    private LineFinder(int limit, int authLimit) => (_limit, _authLimit) = (limit, authLimit);

    /// <summary>For commands; AUTH with an initial response may be longer (RFC 4954 §4).</summary>
    public static LineFinder ForCommands(SmtpLimits limits) => new(limits.MaxCommandLine, limits.MaxAuthLine);

    /// <summary>For the client's lines within an AUTH exchange.</summary>
    public static LineFinder ForAuthAnswers(SmtpLimits limits) => new(limits.MaxAuthLine, limits.MaxAuthLine);

    /// <summary>The first line of <paramref name="buffer"/>, or null as long as it has no end.</summary>
    public LineRead? Find(ReadOnlySequence<byte> buffer, out SequencePosition end)
    {
        if (buffer.PositionOf((byte)'\n') is not { } lineFeed)
        {
            end = buffer.Start;
            return null;
        }
        end = buffer.GetPosition(1, lineFeed);
        var line = buffer.Slice(0, end);
        if (line.Length < 2 || line.Slice(line.Length - 2).FirstSpan[0] != (byte)'\r')
            return new LineRead(LineOutcome.BareLineFeed);
        return line.Length > Limit(line) ? new LineRead(LineOutcome.TooLong) : Decode(line.Slice(0, line.Length - 2));
    }

    /// <summary>True when what has arrived, though without an end, is already too long.</summary>
    public bool IsOverlong(ReadOnlySequence<byte> buffer) => buffer.Length > Limit(buffer);

    private static LineRead Decode(ReadOnlySequence<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        return text.AsSpan().ContainsAny(Unwanted) ? new LineRead(LineOutcome.BadOctets) : new LineRead(LineOutcome.Line, text);
    }

    private int Limit(ReadOnlySequence<byte> line)
    {
        Span<byte> verb = stackalloc byte[5];
        if (_authLimit == _limit || line.Length < verb.Length)
            return _limit;
        line.Slice(0, verb.Length).CopyTo(verb);
        return Ascii.EqualsIgnoreCase(verb, "AUTH "u8) ? _authLimit : _limit;
    }
}
