using System.Text.RegularExpressions;

namespace ListServer.Lists.Archiving;

/// <summary>What of a subject stays the same in all answers to it.</summary>
/// <param name="Text">Without reply marks and prefixes of lists; may be empty.</param>
/// <param name="IsReply">Whether it had a reply mark.</param>
public sealed partial record ThreadSubject(string Text, bool IsReply)
{
    // A subject is read by eyes: what is longer says nothing more.
    private const int Longest = 300;

    /// <summary>Two subjects with the same key are the same to people.</summary>
    public string Key => Text.ToUpperInvariant();

    /// <summary>Reads a decoded subject.</summary>
    public static ThreadSubject Of(string subject)
    {
        var rest = (subject.Length > Longest ? subject[..Longest] : subject).Trim();
        var isReply = false;
        while (true)
        {
            if (Mark().Match(rest) is { Success: true } mark)
            {
                (rest, isReply) = (rest[mark.Length..], true);
            }
            else if (Prefix().Match(rest) is { Success: true } prefix && prefix.Length < rest.Length)
            {
                rest = rest[prefix.Length..];
            }
            else
            {
                return new ThreadSubject(rest.Trim(), isReply);
            }
        }
    }

    [GeneratedRegex(@"^\s*(?:re|aw|sv|vs|antw|odp|返信|回复|回覆)(?:\^?\d{1,3}|\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]\s*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*[\[(][^\[\]()]{1,60}[\])]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
