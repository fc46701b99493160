using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace ListServer.Commands;

/// <summary>Text from mail and from DNS on an operator's terminal: nothing in it may speak to the terminal itself.</summary>
internal static class Shown
{
    /// <summary>
    /// A text of several lines: control characters, line and paragraph separators and invisible formatting characters (those that turn
    /// the direction of writing among them), but for line feeds and tabs, are written as \u0000.
    /// </summary>
    public static string Text(string text)
    {
        var shown = new StringBuilder(text.Length);
        Append(shown, text, isOneLine: false);
        return shown.ToString();
    }

    /// <summary>One line: what is put into it can begin no further line (a ⏎ stands there) or column; otherwise as <see cref="Text"/>.</summary>
    public static string Line(ref ShownLine line) => line.ToString();

    /// <summary>A span in its two largest units, as people say it: "2 h 10 min".</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{span.Days} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{span.Hours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{span.Seconds} s",
    };

    internal static void Append(StringBuilder shown, string text, bool isOneLine)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsUnshown(rune) || (!isOneLine && rune.Value is '\n' or '\t'))
            {
                shown.Append(rune.ToString());
            }
            else
            {
                shown.Append(rune.IsBmp ? "\\u" : "\\U").Append(rune.Value.ToString(rune.IsBmp ? "x4" : "x8", CultureInfo.InvariantCulture));
            }
        }
    }

    private static bool IsUnshown(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

/// <summary>Makes the line of an interpolated string: its words are ours and stand as they are, the values in it may come from anybody.</summary>
/// <param name="literalLength">The length of our words.</param>
/// <param name="valueCount">How many values there are.</param>
[InterpolatedStringHandler]
internal readonly ref struct ShownLine(int literalLength, int valueCount)
{
    private const int UsualValue = 16;
    private readonly StringBuilder _line = new(literalLength + (valueCount * UsualValue));

    public void AppendLiteral(string words) => _line.Append(words);

    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null)
    {
        var text = value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
        text = text.ReplaceLineEndings("⏎");
        Shown.Append(_line, alignment < 0 ? text.PadRight(-alignment) : text.PadLeft(alignment), isOneLine: true);
    }

    public override string ToString() => _line.ToString();
}
