using System.Collections.Immutable;
using System.Text;

namespace ListServer.Lists.Bounces;

/// <summary>A notice's own words in lines, without the message that it returns.</summary>
internal sealed class NoticeText
{
    private const int MaxCharacters = 64 * 1024;
    private const int MaxDiagnostic = 300;
    private const int MaxTail = 400;

    private readonly string _flat;
    private readonly int[] _starts;

    private NoticeText(ImmutableArray<string> lines, string returned)
    {
        (Lines, Returned) = (lines, returned);
        var flat = new StringBuilder();
        _starts = new int[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            _starts[i] = flat.Length;
            flat.AppendJoin(' ', lines[i].Split([' ', '\t', '\u00A0'], StringSplitOptions.RemoveEmptyEntries));
            flat.Append(flat.Length > _starts[i] ? " " : "");
        }

        _flat = flat.ToString();
    }

    /// <summary>The lines, as they are.</summary>
    public ImmutableArray<string> Lines { get; }

    /// <summary>What followed them: the returned message, as far as it stood in the same text.</summary>
    public string Returned { get; }

    /// <summary>Divides a text into the notice and what it returns.</summary>
    public static NoticeText Read(string text)
    {
        var all = text[..Math.Min(text.Length, MaxCharacters)].ReplaceLineEndings("\n").Split('\n');
        var cut = Array.FindIndex(all, Formats.ReturnedMarks.Begins);
        return cut < 0 ? new NoticeText([.. all], "") : new NoticeText([.. all[..cut]], string.Join('\n', all[cut..]));
    }

    /// <summary>Where the words next end: the line, and what follows on it, squeezed and cut short; null where they don't stand.</summary>
    /// <param name="words">The words, squeezed.</param>
    /// <param name="from">Where to look from; afterwards, where the words end.</param>
    public (int Line, string Tail)? Find(string words, ref int from)
    {
        var found = _flat.IndexOf(words, from, StringComparison.OrdinalIgnoreCase);
        if (found < 0)
        {
            return null;
        }

        from = found + words.Length;
        var line = Array.BinarySearch(_starts, from - 1) is >= 0 and var exact ? exact : ~Array.BinarySearch(_starts, from - 1) - 1;
        var end = line + 1 < _starts.Length ? _starts[line + 1] : _flat.Length;
        return (line, end > from ? _flat[from..Math.Min(end, from + MaxTail)] : "");
    }

    /// <summary>Whether one of the phrases stands in the notice.</summary>
    public bool Has(IEnumerable<string> phrases) => phrases.Any(phrase => _flat.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    /// <summary>The words from one line up to another, on one line.</summary>
    public string Between(int line, int end) => string.Join(' ', Lines[line..end].Select(l => l.Trim()).Where(l => l.Length > 0));

    /// <summary>The words on one line, from the first code on where they are long, and cut short.</summary>
    public static string Short(string value)
    {
        var line = PostContent.OneLine(value);
        if (line.Length > MaxDiagnostic && ReplyCodes.Find(line).Start is > MaxDiagnostic / 2 and var start)
        {
            line = line[start..];
        }

        return line.Length <= MaxDiagnostic ? line : line[..MaxDiagnostic] + "…";
    }
}
