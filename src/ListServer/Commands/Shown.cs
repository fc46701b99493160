using System.Globalization;
using System.Text;

namespace ListServer.Commands;

/// <summary>Text from mail on an operator's terminal: nothing in it may speak to the terminal itself.</summary>
internal static class Shown
{
    /// <summary>The text with control and invisible formatting characters, but for line feeds and tabs, written as \u0000.</summary>
    public static string Text(string text)
    {
        if (!text.Any(IsUnshown))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = IsUnshown(c) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : shown.Append(c);
        }

        return shown.ToString();
    }

    private static bool IsUnshown(char c) =>
        c is not ('\n' or '\t') && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
}
