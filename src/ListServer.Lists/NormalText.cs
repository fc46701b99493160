using System.Text;

namespace ListServer.Lists;

/// <summary>Text in a normal form of Unicode, whatever stands in it.</summary>
internal static class NormalText
{
    /// <summary>.NET refuses to normalize half of a surrogate pair and U+FFFE, both of which mail may decode to: the replacement character stands for them.</summary>
    public static string Of(string text, NormalizationForm form)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0xFFFE ? Rune.ReplacementChar : rune)).Normalize(form);
        }
    }
}
