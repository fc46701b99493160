using System.Text;
using ListServer.MailAuth.AuthenticationResults;

namespace ListServer.Lists.Mitigation;

/// <summary>What a sealer wrote down about a message's author (RFC 8617 §4.1.1).</summary>
internal static class SealedResults
{
    /// <summary>True when the results say dmarc=pass for this author's domain, and nothing else about DMARC.</summary>
    public static bool SaysDmarcPass(string results, string authorDomain)
    {
        if (!ResultsField.TryParse(Encoding.UTF8.GetBytes(results), out var field, out _))
        {
            return false;
        }

        var dmarc = field.Results.Where(r => Is(r.Method, "dmarc")).ToArray();
        return dmarc.Length > 0 && dmarc.All(r => Is(r.Result, "pass")
            && r.Properties.Any(p => Is(p.PropertyType, "header") && Is(p.Property, "from") && Is(p.Value, authorDomain)));
    }

    private static bool Is(string text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);
}
