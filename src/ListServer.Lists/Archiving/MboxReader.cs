using System.Globalization;
using System.Text;

namespace ListServer.Lists.Archiving;

/// <summary>How an mbox file tells "From " at the beginning of an author's line from the beginning of a message.</summary>
public enum MboxQuoting
{
    /// <summary>Found out for each message.</summary>
    Auto,

    /// <summary>"From " became ">From "; nothing else was quoted (mboxo).</summary>
    O,

    /// <summary>"From ", ">From ", ">>From " … each got one ">" more (mboxrd).</summary>
    Rd,

    /// <summary>As mboxo, with the length in Content-Length (mboxcl).</summary>
    Cl,

    /// <summary>Nothing is quoted; Content-Length alone tells (mboxcl2).</summary>
    Cl2,
}

/// <summary>A message of an mbox file.</summary>
/// <param name="Octets">CRLF line ends, quoting undone.</param>
/// <param name="At">The date of its From line; null for none that can be read.</param>
public sealed record MboxMessage(byte[] Octets, DateTimeOffset? At);

/// <summary>Reads an mbox file as it comes, whatever it holds: no message costs more than <see cref="MaxOctets"/> of memory.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class MboxReader(Stream stream, MboxQuoting quoting)
{
    /// <summary>What is longer is left out.</summary>
    public const int MaxOctets = 64 << 20;

    private const int LongestLine = 1 << 20;

    private static readonly string[] Dates =
        ["ddd MMM d HH:mm:ss yyyy", "ddd MMM d HH:mm yyyy", "ddd MMM d HH:mm:ss zzz yyyy", "ddd MMM d HH:mm:ss yyyy zzz", "ddd, d MMM yyyy HH:mm:ss zzz"];

    private readonly byte[] _buffer = new byte[1 << 16];
    private int _at;
    private int _length;
    private byte[]? _pending;

    /// <summary>How many messages were left out, because they were longer than <see cref="MaxOctets"/>.</summary>
    public int LeftOut { get; private set; }

    /// <summary>All messages, in their order. What stands before the first From line is nobody's.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public IEnumerable<MboxMessage> Read()
    {
        var from = NextLine();
        while (from is not null && !IsFrom(from))
        {
            from = NextLine();
        }

        while (from is not null)
        {
            var lines = new List<byte[]>();
            if (ReadMessage(lines, out var next) is { } isCounted)
            {
                yield return new MboxMessage(Join(lines, isCounted), DateOf(from));
            }
            else
            {
                LeftOut++;
            }

            from = next;
        }
    }

    // Answers whether Content-Length ended the message; null for one that is too long.
    private bool? ReadMessage(List<byte[]> lines, out byte[]? next)
    {
        var (octets, length, inHeader, isCounted, held) = (0L, -1L, true, false, 0L);
        while ((next = NextLine()) is not null)
        {
            if (!inHeader && length >= 0 && octets >= length && octets <= length + 2 && IsFrom(next) && quoting is not (MboxQuoting.O or MboxQuoting.Rd))
            {
                isCounted = true;
                break;
            }

            var isInCounted = length >= 0 && !inHeader && octets + 1 < length && quoting is MboxQuoting.Cl2;
            if (!isInCounted && IsFrom(next) && (lines.Count == 0 || IsBlank(lines[^1])) && FollowedByField())
            {
                break;
            }

            if (inHeader)
            {
                length = LengthOf(next) ?? length;
                if (IsBlank(next))
                {
                    (inHeader, octets) = (false, 0);
                }
            }
            else
            {
                octets += next.Length;
            }

            held += next.Length;
            if (held <= MaxOctets)
            {
                lines.Add(next);
            }
        }

        return held <= MaxOctets ? isCounted : null;
    }

    private byte[] Join(List<byte[]> lines, bool isCounted)
    {
        var output = new MemoryStream();
        var last = lines.Count - (lines.Count > 0 && IsBlank(lines[^1]) ? 1 : 0);
        var isUnquoted = quoting is MboxQuoting.Cl2 || (isCounted && lines.Any(line => line.AsSpan().StartsWith("From "u8)));
        foreach (var line in lines.Take(last))
        {
            var text = line.AsSpan().TrimEnd("\r\n"u8);
            output.Write(isUnquoted || !IsQuoted(text) ? text : text[1..]);
            output.Write("\r\n"u8);
        }

        return output.ToArray();
    }

    private bool IsQuoted(ReadOnlySpan<byte> line) => line.StartsWith(">"u8)
        && (quoting is MboxQuoting.O or MboxQuoting.Cl ? line[1..] : line.TrimStart((byte)'>')).StartsWith("From "u8);

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.TrimEnd("\r\n"u8).IsEmpty;

    // "From somebody Tue Nov 24 06:00:00 2026": a date, not the beginning of a sentence.
    private static bool IsFrom(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("From "u8))
        {
            return false;
        }

        var words = Encoding.ASCII.GetString(line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 4
            && Array.Exists(words, word => word.Length is 5 or 7 or 8 && char.IsAsciiDigit(word[0]) && word.Contains(':', StringComparison.Ordinal))
            && Array.Exists(words, word => word.Length == 4 && word.All(char.IsAsciiDigit));
    }

    private bool FollowedByField()
    {
        _pending = ReadLine();
        var line = _pending.AsSpan();
        var colon = line.IndexOf((byte)':');
        return _pending is null || IsBlank(line) || line.StartsWith(">From "u8) || (colon > 0 && !line[..colon].ContainsAnyExceptInRange((byte)'!', (byte)'~'));
    }

    private static long? LengthOf(ReadOnlySpan<byte> line)
    {
        const string name = "content-length:";
        return line.Length > name.Length && Encoding.ASCII.GetString(line[..name.Length]).Equals(name, StringComparison.OrdinalIgnoreCase)
            && long.TryParse(Encoding.ASCII.GetString(line[name.Length..]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : null;
    }

    private static DateTimeOffset? DateOf(byte[] from)
    {
        var words = Encoding.ASCII.GetString(from).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var start = 1; start < words.Length - 3; start++)
        {
            if (DateTimeOffset.TryParseExact(
                string.Join(' ', words[start..]), Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            {
                return date;
            }
        }

        return null;
    }

    private byte[]? NextLine()
    {
        var line = _pending ?? ReadLine();
        _pending = null;
        return line;
    }

    // A line that never ends comes in pieces.
    private byte[]? ReadLine()
    {
        var line = new List<byte>(128);
        while (line.Count < LongestLine && (_at < _length || Fill()))
        {
            var rest = _buffer.AsSpan(_at, _length - _at);
            var end = rest.IndexOf((byte)'\n');
            rest = end < 0 ? rest : rest[..(end + 1)];
            line.AddRange(rest);
            _at += rest.Length;
            if (end >= 0)
            {
                break;
            }
        }

        return line.Count > 0 ? [.. line] : null;
    }

    private bool Fill()
    {
        (_at, _length) = (0, stream.Read(_buffer));
        return _length > 0;
    }
}
