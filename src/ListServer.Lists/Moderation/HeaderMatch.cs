using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ListServer.MailAuth;
using MimeKit.Utils;

namespace ListServer.Lists.Moderation;

/// <summary>What becomes of a post with a header field that a pattern matches.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Pattern">A regular expression; found anywhere in the decoded value, whatever the case.</param>
/// <param name="Action">Hold, reject or discard.</param>
public sealed record HeaderMatch(string Field, string Pattern, AuthorAction Action)
{
    private const int MostRules = 100;
    private const int LongestPattern = 500;
    private const int LongestValue = 10_000;

    // Kept beside the record, so that two equal rules are equal.
    private static readonly ConditionalWeakTable<HeaderMatch, Regex> Known = [];

    /// <summary>Reads rules, one a line: "hold Subject: ^\[adv\]". Empty lines and those that begin with # are passed over.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="rules">The rules, in their order.</param>
    /// <param name="problem">Which line is wrong, how, and what would be right; or null.</param>
    public static bool TryRead(string text, out ImmutableArray<HeaderMatch> rules, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = ImmutableArray.CreateBuilder<HeaderMatch>();
        problem = null;
        foreach (var (number, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            if (line.Trim() is not ("" or ['#', ..]))
            {
                problem = ReadLine(line.Trim(), out var rule);
                if (problem is not null)
                {
                    problem = $"Line {number + 1}: {problem}";
                    rules = [];
                    return false;
                }

                read.Add(rule!);
            }
        }

        rules = read.ToImmutable();
        problem = rules.Length > MostRules ? $"These are {rules.Length} rules; a list has {MostRules} at the most. Join patterns with |." : null;
        return problem is null;
    }

    /// <summary>True when a field of this name has a value that fits.</summary>
    internal bool Fits(RawMessage message) => message.Fields.Any(field => field.Is(Field) && IsMatch(field));

    private static string? ReadLine(string line, out HeaderMatch? rule)
    {
        rule = null;
        if (line.Split(' ', 2) is not [var word, var rest] || ActionOf(word) is not { } action)
        {
            return $"'{line}' does not begin with hold, reject or discard. Write it like: hold Subject: ^\\[adv\\]";
        }

        if (rest.Split(':', 2) is not [var name, var pattern] || !IsFieldName(name.Trim()) || pattern.Trim().Length == 0)
        {
            return $"'{rest}' is no field's name, a colon and a pattern. Write it like: {word} Subject: ^\\[adv\\]";
        }

        rule = new HeaderMatch(name.Trim(), pattern.Trim(), action);
        return ProblemWith(rule.Pattern);
    }

    // SEC: what can't be matched in time linear to the value is refused when it is saved, so that nobody's Subject stops the server.
    private static string? ProblemWith(string pattern)
    {
        if (pattern.Length > LongestPattern)
        {
            return $"the pattern is longer than {LongestPattern} characters. Make two rules of it.";
        }

        try
        {
            _ = Compile(pattern);
            return null;
        }
        catch (RegexParseException fault)
        {
            return $"the pattern '{pattern}' is no regular expression, at character {fault.Offset}: {fault.Message} A \\ before a character takes it as it is.";
        }
        catch (NotSupportedException)
        {
            return $"the pattern '{pattern}' looks around itself, refers back, or counts so high that it could take very long. Do without (?=, (?!, (?<=, (?<!, \\1 and high numbers in {{}}.";
        }
    }

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static AuthorAction? ActionOf(string word) => word.ToLowerInvariant() switch
    {
        "hold" => AuthorAction.Hold,
        "reject" => AuthorAction.Reject,
        "discard" => AuthorAction.Discard,
        _ => null,
    };

    // RFC 5322 §3.6.8.
    private static bool IsFieldName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExceptInRange('!', '~');

    private bool IsMatch(HeaderField field)
    {
        var value = field.RawValue.Span;
        var text = PostContent.OneLine(Rfc2047.DecodeText(value[..Math.Min(value.Length, LongestValue)].ToArray()));
        return Known.GetValue(this, rule => Compile(rule.Pattern)).IsMatch(text);
    }

    /// <summary>The line that it was read from.</summary>
    public override string ToString() => $"{Action.ToString().ToLowerInvariant()} {Field}: {Pattern}";
}
