using System.Text;

namespace ListServer.Lists.Cooking;

/// <summary>Writes header text (RFC 2047), folded.</summary>
internal static class EncodedWords
{
    // RFC 2047 §2: a word has at most 75 characters, a line that holds one at most 76.
    private const int LongestWord = 75;
    private const int LongestLine = 76;

    // A run without a space that can't be folded below RFC 5322's 998 octets is encoded, so that it can.
    private const int LongestPlain = 900;

    /// <summary>Writes unstructured text: ASCII words as they are, the rest from the first other word on encoded.</summary>
    /// <param name="text">One line without control characters.</param>
    /// <param name="encoding">Holds all of the text.</param>
    /// <param name="used">Columns of the first line that are taken already.</param>
    public static string Text(string text, Encoding encoding, int used)
    {
        var output = new StringBuilder();
        var words = text.Split(' ');
        var plain = words.TakeWhile(IsPlain).ToArray();
        foreach (var word in plain)
        {
            Put(word);
        }

        if (plain.Length < words.Length)
        {
            foreach (var word in Encode(string.Join(' ', words[plain.Length..]), encoding, used))
            {
                Put(word);
            }
        }

        return output.ToString();

        void Put(string word)
        {
            if (output.Length > 0)
            {
                var isTooLong = used + 1 + word.Length > LongestLine && word.Length > 0;
                output.Append(isTooLong ? "\r\n " : " ");
                used = isTooLong ? 1 : used + 1;
            }

            output.Append(word);
            used += word.Length;
        }
    }

    /// <summary>Writes a display name (RFC 5322 phrase): quoted where it is ASCII, encoded as UTF-8 otherwise.</summary>
    public static string Phrase(string text, int used) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text.Contains("=?", StringComparison.Ordinal) || text.Length > LongestPlain
            ? string.Join("\r\n ", Encode(text, Encoding.UTF8, used))
            : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Writes a display name and what stands in angle brackets behind it.</summary>
    public static string Mailbox(string name, string address, int used)
    {
        var phrase = Phrase(name, used);
        var lastLine = phrase.LastIndexOf('\n') is >= 0 and var lf ? phrase.Length - lf - 1 : used + phrase.Length;
        return $"{phrase}{(lastLine + address.Length + 3 > LongestLine ? "\r\n" : "")} <{address}>";
    }

    private static bool IsPlain(string word) =>
        !word.AsSpan().ContainsAnyExceptInRange('!', '~') && !word.Contains("=?", StringComparison.Ordinal) && word.Length <= LongestPlain;

    private static IEnumerable<string> Encode(string text, Encoding encoding, int used)
    {
        var name = encoding.WebName;
        var available = Math.Max(LongestLine - used - 1, 40);
        var piece = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            // Each word is whole in itself (RFC 2047 §5, §8): no character is cut, and a stateful charset returns to ASCII.
            piece.Append(rune);
            if (Word(piece.ToString()).Length > Math.Min(available, LongestWord) && piece.Length > rune.Utf16SequenceLength)
            {
                piece.Length -= rune.Utf16SequenceLength;
                yield return Word(piece.ToString());
                piece.Clear().Append(rune);
                available = LongestLine - 1;
            }
        }

        if (piece.Length > 0)
        {
            yield return Word(piece.ToString());
        }

        string Word(string part) => $"=?{name}?B?{Convert.ToBase64String(encoding.GetBytes(part))}?=";
    }
}
