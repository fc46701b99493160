using System.Globalization;
using System.Text.RegularExpressions;

namespace ListServer.Lists.Bounces;

/// <summary>Codes that stand in the words of a refusal.</summary>
/// <param name="Code">The SMTP reply code (RFC 5321 §4.2), 400 to 599; 0 where there is none.</param>
/// <param name="Enhanced">The enhanced status code (RFC 3463); empty where there is none.</param>
/// <param name="Start">Where the first of them begins; -1 where there is none.</param>
internal readonly partial record struct ReplyCodes(int Code, string Enhanced, int Start)
{
    /// <summary>The first codes in the text.</summary>
    public static ReplyCodes Find(string text)
    {
        var (enhanced, code) = (EnhancedPattern().Match(text), CodePattern().Match(text));
        return new ReplyCodes(
            code.Success ? int.Parse(code.ValueSpan, CultureInfo.InvariantCulture) : 0,
            enhanced.Value,
            (enhanced.Success, code.Success) switch
            {
                (true, true) => Math.Min(enhanced.Index, code.Index),
                (true, false) => enhanced.Index,
                (false, true) => code.Index,
                _ => -1,
            });
    }

    // An address of IPv4 has a fourth number, and "port 250" or "4.5 hours" are none either.
    [GeneratedRegex(@"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)", RegexOptions.CultureInvariant)]
    private static partial Regex EnhancedPattern();

    [GeneratedRegex(@"(?<![\d.A-Za-z\[=:])[45][0-57]\d(?=[ \-:]|\.?$|$)(?! (?:octets|bytes|hour|day|minute|attempt))", RegexOptions.CultureInvariant)]
    private static partial Regex CodePattern();
}
