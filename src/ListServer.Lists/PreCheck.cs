namespace ListServer.Lists;

/// <summary>
/// Measures a message before anything parses it (SEC-13, SEC-14): MimeKit's header parsing is quadratic, and its MIME parsing
/// recursive. One pass over the lines, no recursion, nothing decoded. Where readers differ it counts the more: whatever looks
/// like a delimiter of an open multipart is one, and every message/* part but a report's status is a message within.
/// </summary>
public sealed class PreCheck
{
    internal const int MaxDepth = 64;
    internal const int MaxParts = 1_000;

    private readonly List<Delimiter> _open = [];
    private readonly HeaderCount _header = new();
    private bool _inHeader = true;
    private int _depth;
    private int _parts = 1;

    private PreCheck()
    {
    }

    /// <summary>Says which limit the message exceeds, in words; null when it is within all of them.</summary>
    /// <param name="octets">The whole message, as received.</param>
    public static string? Problem(ReadOnlySpan<byte> octets)
    {
        var check = new PreCheck();
        while (!octets.IsEmpty)
        {
            var end = octets.IndexOf((byte)'\n') is >= 0 and var lf ? lf + 1 : octets.Length;
            if (check.Read(octets[..end]) is { } problem)
            {
                return problem;
            }

            octets = octets[end..];
        }

        return null;
    }

    private string? Read(ReadOnlySpan<byte> line)
    {
        if (line is [(byte)'-', (byte)'-', .. var rest] && LevelOf(rest.TrimEnd(" \t\r\n"u8)) is >= 0 and var level)
        {
            return Cross(level, rest);
        }

        if (!_inHeader)
        {
            return null;
        }

        return line is [(byte)'\n'] or [(byte)'\r', (byte)'\n'] ? EndHeader() : _header.Read(line);
    }

    // The innermost multipart that this delimiter belongs to, or -1.
    private int LevelOf(ReadOnlySpan<byte> delimiter)
    {
        var level = _open.Count - 1;
        while (level >= 0 && !_open[level].Matches(delimiter))
        {
            level--;
        }

        return level;
    }

    private string? Cross(int level, ReadOnlySpan<byte> rest)
    {
        var isClosing = rest[_open[level].Text.Length..].StartsWith("--"u8);
        _open.RemoveRange(level + 1, _open.Count - level - 1);
        _depth = _open[level].Depth;
        _inHeader = !isClosing;
        return isClosing ? null : BeginPart();
    }

    private string? BeginPart()
    {
        _header.Clear();
        _inHeader = true;
        return ++_parts > MaxParts ? $"The message has more than {MaxParts} parts." : null;
    }

    private string? EndHeader()
    {
        _inHeader = false;
        var isMessage = _header.IsMessage;
        if (Delimiter.Read(_header.ContentType, _depth + 1) is { } delimiter)
        {
            _open.Add(delimiter);
            _depth++;
        }
        else if (isMessage)
        {
            _depth++;
        }

        if (_depth > MaxDepth)
        {
            return $"The message is nested more than {MaxDepth} deep.";
        }

        return isMessage ? BeginPart() : null;
    }

    private sealed record Delimiter(byte[] Text, bool IsCut, int Depth)
    {
        public bool Matches(ReadOnlySpan<byte> line) =>
            line.StartsWith(Text) && (IsCut || line.Length == Text.Length || line[Text.Length..].StartsWith("--"u8));

        public static Delimiter? Read(string type, int depth)
        {
            var start = type.IndexOf("boundary", StringComparison.OrdinalIgnoreCase);
            var equals = start < 0 ? -1 : type.IndexOf('=', start);
            if (equals < 0)
            {
                return null;
            }

            var value = type.AsSpan(equals + 1).TrimStart();
            value = value is ['"', .. var quoted] ? Until(quoted, '"') : Until(value, ';').TrimEnd();

            // RFC 2231 pieces (boundary*0=) are cut at the first, which the whole begins with.
            var isCut = type.AsSpan(start, equals - start).Contains('*');
            return value.IsEmpty ? null : new Delimiter(System.Text.Encoding.Latin1.GetBytes(value.ToArray()), isCut, depth);
        }

        private static ReadOnlySpan<char> Until(ReadOnlySpan<char> text, char end) =>
            text.IndexOf(end) is >= 0 and var i ? text[..i] : text;
    }
}
