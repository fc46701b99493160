namespace ListServer.Lists.Mitigation;

/// <summary>Reads the authentication results that a sealer wrote down (RFC 8617 §4.1.1, RFC 8601 §2.2).</summary>
internal static class SealedResults
{
    /// <summary>True when they say dmarc=pass, and for this author's domain.</summary>
    public static bool SaysDmarcPass(string results, string authorDomain)
    {
        // Quoted strings are left out: what they hold may come from the message's sender (AUTH-50).
        foreach (var result in Cfws.Remove(results, keepsQuoted: false).Split(';'))
        {
            var words = result.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0].Equals("dmarc=pass", StringComparison.OrdinalIgnoreCase))
            {
                return words.Any(w => w.Equals($"header.from={authorDomain}", StringComparison.OrdinalIgnoreCase));
            }
        }

        return false;
    }
}
