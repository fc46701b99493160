using System.Collections.Immutable;
using System.Globalization;

namespace ListServer.Lists.Archiving;

/// <summary>Where a term is looked for.</summary>
public enum SearchField
{
    /// <summary>Anywhere.</summary>
    Anywhere,

    /// <summary>In the subject.</summary>
    Subject,

    /// <summary>In the author's name or address.</summary>
    From,
}

/// <summary>One thing to be found.</summary>
/// <param name="Field">Where.</param>
/// <param name="Words">By <see cref="SearchWords"/>; several stand one behind the other in the text.</param>
/// <param name="IsExcluded">True when the message must not have it.</param>
/// <param name="IsPrefix">True when the last word may go on.</param>
public sealed record SearchTerm(SearchField Field, string Words, bool IsExcluded, bool IsPrefix);

/// <summary>What somebody looks for: words, "words in a row", -without, from:, subject:, has:attachment, after: and before: a day.</summary>
/// <param name="Terms">All must hold.</param>
/// <param name="HasAttachment">Only messages with one.</param>
/// <param name="After">Written on this day or later; null for any.</param>
/// <param name="Before">Written before this day; null for any.</param>
/// <param name="Problem">What in it can't be understood, in words; null when all can.</param>
public sealed record SearchQuery(ImmutableArray<SearchTerm> Terms, bool HasAttachment, DateOnly? After, DateOnly? Before, string? Problem)
{
    private const int MaxTerms = 20;
    private const int MaxLength = 500;

    /// <summary>True when it asks for nothing.</summary>
    public bool IsEmpty => Terms.All(term => term.IsExcluded) && !HasAttachment && After is null && Before is null;

    /// <summary>Reads what somebody typed. Never throws.</summary>
    public static SearchQuery Parse(string text)
    {
        var query = new SearchQuery([], false, null, null, null);
        foreach (var (word, isQuoted) in Split(text.Length > MaxLength ? text[..MaxLength] : text).Take(MaxTerms))
        {
            query = query.With(word, isQuoted);
        }

        return query;
    }

    private SearchQuery With(string word, bool isQuoted)
    {
        var isExcluded = !isQuoted && word is ['-', _, ..];
        word = isExcluded ? word[1..] : word;
        var colon = isQuoted ? -1 : word.IndexOf(':', StringComparison.Ordinal);
        var value = word[(colon + 1)..];
        return (colon > 0 ? word[..colon].ToUpperInvariant() : "") switch
        {
            "HAS" when value.StartsWith("attachment", StringComparison.OrdinalIgnoreCase) => this with { HasAttachment = true },
            "AFTER" => Day(value) is { } day ? this with { After = day } : this with { Problem = NoDay(value) },
            "BEFORE" => Day(value) is { } day ? this with { Before = day } : this with { Problem = NoDay(value) },
            "FROM" => Add(SearchField.From, value, isExcluded),
            "SUBJECT" => Add(SearchField.Subject, value, isExcluded),
            _ => Add(SearchField.Anywhere, word, isExcluded),
        };
    }

    private SearchQuery Add(SearchField field, string text, bool isExcluded)
    {
        var words = SearchWords.Of(text, forQuery: true);

        // One character of a script without spaces is the beginning of many words.
        var isPrefix = words.EnumerateRunes().Count() == 1 && words[0] > 'ÿ';
        return words.Length == 0 ? this : this with { Terms = Terms.Add(new SearchTerm(field, words, isExcluded, isPrefix)) };
    }

    private static string NoDay(string value) => $"'{value}' is no day. Write it like 2026-11-24.";

    private static DateOnly? Day(string value) =>
        DateOnly.TryParseExact(value, ["yyyy-MM-dd", "yyyy-M-d", "yyyy/MM/dd", "yyyy/M/d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : DateOnly.TryParseExact(value + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month
        : DateOnly.TryParseExact(value + "-01-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var year) ? year
        : null;

    // Quotes keep words together, also behind from: and subject:. A wide space separates too.
    private static IEnumerable<(string Word, bool IsQuoted)> Split(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var (start, inQuotes) = (at, false);
            for (; at < text.Length && (inQuotes || !char.IsWhiteSpace(text[at])); at++)
            {
                inQuotes ^= text[at] == '"';
            }

            var word = text[start..at];
            yield return (word.Replace("\"", "", StringComparison.Ordinal), word[0] == '"');
        }
    }
}
