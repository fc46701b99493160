using System.Globalization;
using System.Text;

namespace ListServer.Lists.Notices;

/// <summary>Takes out of other people's words what could act on a header, a terminal or a reader's eye (AUTH-69).</summary>
internal static class Clean
{
    /// <summary>One line, without control, bidirectional and invisible characters.</summary>
    public static string Line(string text) => PostContent.OneLine(string.Concat(text.EnumerateRunes().Where(r => !IsInvisible(r) || Rune.IsWhiteSpace(r))));

    /// <summary>Several lines, LF between them, each clean.</summary>
    public static string Text(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Line)).Trim('\n');

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse;
}
