using System.Globalization;
using System.Text;

namespace ListServer.Lists.Archiving;

/// <summary>
/// Text as the search knows it: words of letters and digits, folded (NFKC, lower case), and for scripts that write no spaces every two
/// neighbours as a word (会議の → 会議 議の の), so that any part of two characters or more is found.
/// </summary>
public static class SearchWords
{
    // What is longer is data, not a word.
    private const int LongestWord = 60;

    /// <summary>The words, separated by spaces.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="forQuery">True without the last character that stands alone, which only an index needs.</param>
    public static string Of(string text, bool forQuery = false)
    {
        var words = new StringBuilder(text.Length + (text.Length / 4));
        var run = new StringBuilder();
        var isDense = false;
        foreach (var rune in NormalText.Of(text, NormalizationForm.FormKC).EnumerateRunes())
        {
            var dense = IsDense(rune);
            if (run.Length > 0 && (!IsWord(rune) || dense != isDense))
            {
                Flush(words, run, isDense, forQuery);
            }

            if (IsWord(rune))
            {
                isDense = dense;
                run.Append(Rune.ToLowerInvariant(rune));
            }
        }

        Flush(words, run, isDense, forQuery);
        return words.ToString();
    }

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || rune.Value is '々' or 'ー' or '_';

    private static bool IsDense(Rune rune) => rune.Value is
        (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0x0E00 and <= 0x0EFF) or (>= 0x20000 and <= 0x3FFFF);

    private static void Flush(StringBuilder words, StringBuilder run, bool isDense, bool forQuery)
    {
        if (run.Length == 0)
        {
            return;
        }

        if (!isDense)
        {
            words.Append(words.Length > 0 ? " " : "").Append(run, 0, Math.Min(run.Length, LongestWord));
        }
        else
        {
            AppendPairs(words, [.. run.ToString().EnumerateRunes()], forQuery);
        }

        run.Clear();
    }

    private static void AppendPairs(StringBuilder words, Rune[] runes, bool forQuery)
    {
        for (var i = 0; i < runes.Length; i++)
        {
            var isLast = i == runes.Length - 1;
            if (!isLast || !forQuery || runes.Length == 1)
            {
                words.Append(words.Length > 0 ? " " : "").Append(runes[i].ToString()).Append(isLast ? "" : runes[i + 1].ToString());
            }
        }
    }
}
