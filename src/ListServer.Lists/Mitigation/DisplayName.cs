using System.Globalization;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Mitigation;

/// <summary>Names that may stand before the list's own address (AUTH-69).</summary>
internal static class DisplayName
{
    private const int Longest = 100;

    /// <summary>The name without what could pass for an address, hide or turn text, or break the field; the local part where nothing is left.</summary>
    public static string Clean(AuthorResult author)
    {
        var clean = Clean(author.DisplayName ?? "");
        return clean.Length > 0 ? clean : Clean(author.Address![..author.Address!.LastIndexOf('@')]) is { Length: > 0 } local ? local : "Author";
    }

    private static string Clean(string name)
    {
        var clean = new StringBuilder();
        foreach (var rune in NormalText.Of(name, NormalizationForm.FormC).EnumerateRunes())
        {
            if (clean.Length < Longest && IsHarmless(rune))
            {
                clean.Append(Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
            }
        }

        return PostContent.OneLine(clean.ToString());
    }

    // Format covers bidi and zero-width characters; the three signs are the at sign and what mail programs draw like it.
    private static bool IsHarmless(Rune rune) =>
        rune.Value is not ('@' or 0xfe6b or 0xff20) && Rune.GetUnicodeCategory(rune) is not
            (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
