using System.Text;

namespace ListServer.Lists.Mitigation;

/// <summary>Reads the authentication results that a sealer wrote down (RFC 8617 §4.1.1, RFC 8601 §2.2).</summary>
internal static class SealedResults
{
    /// <summary>True when they say dmarc=pass, and for this author's domain.</summary>
    public static bool SaysDmarcPass(string results, string authorDomain)
    {
        foreach (var result in WithoutComments(results).Split(';'))
        {
            var words = result.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0].Equals("dmarc=pass", StringComparison.OrdinalIgnoreCase))
            {
                return words.Any(w => w.Equals($"header.from={authorDomain}", StringComparison.OrdinalIgnoreCase));
            }
        }

        return false;
    }

    // Quoted strings become empty ones: what they hold may come from the message's sender (AUTH-50).
    private static string WithoutComments(string text)
    {
        var bare = new StringBuilder(text.Length);
        var (depth, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted || depth > 0:
                    i++;
                    break;
                case '"' when depth == 0:
                    quoted = !quoted;
                    break;
                case '(' when !quoted:
                    depth++;
                    bare.Append(' ');
                    break;
                case ')' when !quoted && depth > 0:
                    depth--;
                    break;
                case var c when !quoted && depth == 0:
                    bare.Append(c);
                    break;
            }
        }

        return bare.ToString();
    }
}
