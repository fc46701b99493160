namespace ListServer.Lists.Bounces;

/// <summary>
/// Judges a refusal, be it a reply in the session or a line of a returned report. Pure and safe from any thread; words beyond the
/// first two thousand characters are not read, nor are addresses and links, in which any word may stand.
/// </summary>
public static class Refusal
{
    private const int CharactersRead = 2_000;

    /// <summary>Says whose fault a refusal is.</summary>
    /// <param name="code">The SMTP reply code, such as 550; 0 where there is none.</param>
    /// <param name="enhanced">The enhanced status code (RFC 3463), such as 5.1.1; null or empty where there is none. One in the text is not read.</param>
    /// <param name="text">The receiver's words; may be empty.</param>
    public static RefusalClass Classify(int code, string? enhanced, string text)
    {
        var words = WithoutAddresses(text);
        var isTransient = IsTransient(code, enhanced);
        return ByWords(words, isTransient)
            ?? (isTransient ? ByTransientStatus(enhanced) : ByStatus(enhanced))
            ?? ((!isTransient || code >= 500) && RefusalWords.Denied.Any(words) ? RefusalClass.Policy : isTransient ? RefusalClass.Transient : ByCode(code));
    }

    // Spam and authentication stand before all else: a refusal that may be for policy never counts against a member (AUTH-59). A plain
    // "access denied" may come with "user unknown" or 5.1.1, which say more.
    private static RefusalClass? ByWords(string words, bool isTransient)
    {
        if (RefusalWords.Greylisting.Any(words))
        {
            return RefusalClass.Transient;
        }

        if (RefusalWords.Spam.Any(words))
        {
            return RefusalClass.Policy;
        }

        if (RefusalWords.Full.Any(words))
        {
            return RefusalClass.MailboxFull;
        }

        if (!isTransient && RefusalWords.Address.Any(words))
        {
            return RefusalClass.Address;
        }

        return RefusalWords.Message.Any(words) ? RefusalClass.Message
            : !isTransient && RefusalWords.Route.Any(words) ? RefusalClass.Route
            : null;
    }

    // RFC 3463 §2: the class says whether it is for good. It is exact where a reply code has only its first digit.
    private static bool IsTransient(int code, string? enhanced) => enhanced switch
    {
        ['4', '.', ..] => true,
        ['5', '.', ..] => false,
        _ => code is >= 400 and < 500,
    };

    // "x.0.0" says nothing beside its class.
    private static RefusalClass? ByTransientStatus(string? enhanced) => Detail(enhanced) switch
    {
        (2, 2) => RefusalClass.MailboxFull,
        (0, 0) or null => null,
        _ => RefusalClass.Transient,
    };

    // RFC 3463 §3: subject and detail. Subject 7 is security or policy; RFC 7372 and RFC 7505 add to it and to subject 1.
    private static RefusalClass? ByStatus(string? enhanced) => Detail(enhanced) switch
    {
        (1, 7 or 8) => RefusalClass.Policy,
        (1, 9) => RefusalClass.Route,
        (1, > 0) => RefusalClass.Address,
        (2, 1) => RefusalClass.Address,
        (2, 2) => RefusalClass.MailboxFull,
        (2, 3) or (3, 4) or (6, _) => RefusalClass.Message,
        (3, _) => RefusalClass.Route,
        (4, 4) => RefusalClass.Address,
        (4, _) => RefusalClass.Route,
        (5, _) => RefusalClass.Route,
        (7, _) => RefusalClass.Policy,
        _ => null,
    };

    // RFC 5321 §4.2.3: only 552 tells more than that the command failed; 550, 551 and 553 are most often about the mailbox, but for any reason.
    private static RefusalClass ByCode(int code) => code is 552 ? RefusalClass.MailboxFull : RefusalClass.Unexplained;

    private static (int Subject, int Detail)? Detail(string? enhanced) =>
        enhanced?.Split('.') is [_, var subject, var detail] && int.TryParse(subject, out var s) && int.TryParse(detail, out var d) ? (s, d) : null;

    private static string WithoutAddresses(string text) =>
        string.Join(' ', text[..Math.Min(text.Length, CharactersRead)]
            .Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !word.Contains('@', StringComparison.Ordinal) && !word.Contains("://", StringComparison.Ordinal)));
}
