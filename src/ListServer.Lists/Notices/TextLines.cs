using System.Text;

namespace ListServer.Lists.Notices;

/// <summary>Lines of text as they go into a mail.</summary>
internal static class TextLines
{
    // RFC 5322 §2.1.1: 78 characters; 76 leave room for a quotation mark.
    private const int Width = 76;
    private const int MaxIndent = 16;

    /// <summary>Ends lines in CRLF and breaks long ones at blanks. A word that is longer, such as an address, stays whole; so do lines of scripts without blanks.</summary>
    public static string Wrap(string text)
    {
        var wrapped = new StringBuilder(text.Length + 64);
        foreach (var line in text.Split('\n').SkipLast(text.EndsWith('\n') ? 1 : 0))
        {
            WrapLine(line.TrimEnd(), wrapped);
        }

        return wrapped.ToString();
    }

    private static void WrapLine(ReadOnlySpan<char> line, StringBuilder wrapped)
    {
        var words = line.TrimStart(' ');
        var indent = line[..Math.Min(line.Length - words.Length, MaxIndent)];
        while (words.Length > Width - indent.Length && BreakIn(words, Width - indent.Length) is > 0 and var at)
        {
            wrapped.Append(indent).Append(words[..at]).Append("\r\n");
            words = words[at..].TrimStart(' ');
        }

        wrapped.Append(indent).Append(words).Append("\r\n");
    }

    private static int BreakIn(ReadOnlySpan<char> words, int width)
    {
        var before = words[..(width + 1)].LastIndexOf(' ');
        return before > 0 ? before : words.IndexOf(' ');
    }
}
