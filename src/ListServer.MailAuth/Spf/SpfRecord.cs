using System.Collections.Immutable;

namespace ListServer.MailAuth.Spf;

/// <summary>A parsed SPF record (RFC 7208 §4.6.1, §12).</summary>
/// <param name="Mechanisms">The mechanisms from left to right.</param>
/// <param name="Redirect">The domain of redirect=, or null.</param>
/// <param name="Explanation">The domain of exp=, or null.</param>
internal sealed record SpfRecord(ImmutableArray<SpfMechanism> Mechanisms, MacroString? Redirect, MacroString? Explanation)
{
    private const string Version = "v=spf1";

    /// <summary>True for a TXT record that begins with the version, which ends at a space or at the record's end (RFC 7208 §4.5).</summary>
    public static bool IsSpf(string text) =>
        text.StartsWith(Version, StringComparison.OrdinalIgnoreCase) && (text.Length == Version.Length || text[Version.Length] == ' ');

    /// <summary>
    /// Reads a record for which <see cref="IsSpf"/> holds. RFC 7208 §4.6: an error anywhere spoils the whole record;
    /// <paramref name="fault"/> names the first bad term and what is wrong with it.
    /// </summary>
    public static SpfRecord? Parse(string text, out string? fault)
    {
        var mechanisms = ImmutableArray.CreateBuilder<SpfMechanism>();
        MacroString? redirect = null;
        MacroString? explanation = null;
        foreach (var term in text[Version.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = term.AsSpan().IndexOfAny('=', ':', '/');
            if (mark >= 0 && term[mark] == '=')
            {
                fault = ReadModifier(term, mark, ref redirect, ref explanation);
            }
            else if (SpfTermParser.Parse(term, out fault) is { } mechanism)
            {
                mechanisms.Add(mechanism);
            }

            if (fault is not null)
            {
                fault = $"\"{ShownText.Of(term)}\": {fault}";
                return null;
            }
        }

        fault = null;
        return new SpfRecord(mechanisms.ToImmutable(), redirect, explanation);
    }

    private static string? ReadModifier(string term, int mark, ref MacroString? redirect, ref MacroString? explanation)
    {
        var name = term[..mark];
        if (!IsModifierName(name))
        {
            return $"\"{ShownText.Of(name)}\" is no name of a modifier";
        }

        var isRedirect = name.Equals("redirect", StringComparison.OrdinalIgnoreCase);
        var isExplanation = name.Equals("exp", StringComparison.OrdinalIgnoreCase);
        var place = isRedirect || isExplanation ? MacroPlace.Domain : MacroPlace.Modifier;
        var value = MacroString.Parse(term[(mark + 1)..], place, out var fault);
        if (fault is null && ((isRedirect && redirect is not null) || (isExplanation && explanation is not null)))
        {
            // RFC 7208 §6: redirect and exp appear at most once each.
            return "the modifier appears twice";
        }

        redirect = isRedirect ? value : redirect;
        explanation = isExplanation ? value : explanation;
        return fault;
    }

    /// <summary>ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )</summary>
    private static bool IsModifierName(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
