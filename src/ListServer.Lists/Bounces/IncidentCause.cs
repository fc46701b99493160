namespace ListServer.Lists.Bounces;

/// <summary>Why a receiver refuses what a list sends, where it is not the member's fault.</summary>
public enum IncidentCause
{
    /// <summary>No reason that we know the word of: a rule of the receiver's.</summary>
    Policy,

    /// <summary>Nothing vouches for the author's domain there: DMARC, SPF, DKIM.</summary>
    Authentication,

    /// <summary>What the post says is taken for spam, a fraud or a virus.</summary>
    Content,

    /// <summary>The sending server is not trusted: block lists, reverse DNS, rates.</summary>
    Reputation,
}

/// <summary>Finds the cause in a receiver's words.</summary>
public static class IncidentCauses
{
    /// <summary>The cause of a refusal that <see cref="Refusal.Classify"/> found to be policy.</summary>
    /// <param name="enhanced">The enhanced status code, such as 5.7.26; null or empty where there is none.</param>
    /// <param name="text">The receiver's words; may be empty.</param>
    public static IncidentCause Of(string? enhanced, string text)
    {
        if (IsOfAuthentication(enhanced) || RefusalWords.Unauthenticated.Any(text))
        {
            return IncidentCause.Authentication;
        }

        return RefusalWords.Distrust.Any(text) ? IncidentCause.Reputation
            : RefusalWords.Spam.Any(text) ? IncidentCause.Content
            : IncidentCause.Policy;
    }

    // RFC 7372 §3: 20 to 26 name the method that failed; 5.7.509 and 5.7.515 are Outlook.com's for DMARC (AUTH-77).
    private static bool IsOfAuthentication(string? enhanced) =>
        enhanced?.Split('.') is [_, "7", var detail] && int.TryParse(detail, out var number) && number is (>= 20 and <= 26) or 509 or 515;
}
