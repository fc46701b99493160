using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace ListServer.MailAuth.Dmarc;

/// <summary>What psd= says of the name that carries a record (RFC 9989 §4.7).</summary>
public enum DmarcPsd
{
    /// <summary>u, or no such tag.</summary>
    Unknown,

    /// <summary>y: the name is a Public Suffix Domain.</summary>
    Yes,

    /// <summary>n: the name is an Organizational Domain.</summary>
    No,
}

/// <summary>A DMARC Policy Record (RFC 9989 §4.7, §4.8). Unknown and historic tags (pct, rf, ri) are left out (AUTH-5).</summary>
/// <param name="Policy">p=, or null when it is missing or invalid.</param>
/// <param name="SubdomainPolicy">sp=, or null.</param>
/// <param name="NonexistentPolicy">np=, or null.</param>
/// <param name="HasInvalidPolicy">True when p is missing, or when p, sp or np has an unknown value.</param>
/// <param name="IsDkimStrict">adkim=s.</param>
/// <param name="IsSpfStrict">aspf=s.</param>
/// <param name="IsTesting">t=y.</param>
/// <param name="Psd">psd=.</param>
/// <param name="AggregateReportUris">The valid URIs of rua=, an obsolete size limit cut off.</param>
/// <param name="FailureReportUris">The valid URIs of ruf=, an obsolete size limit cut off.</param>
/// <param name="FailureOptions">fo= as written, "0" when absent.</param>
public sealed record DmarcRecord(
    DmarcPolicy? Policy,
    DmarcPolicy? SubdomainPolicy,
    DmarcPolicy? NonexistentPolicy,
    bool HasInvalidPolicy,
    bool IsDkimStrict,
    bool IsSpfStrict,
    bool IsTesting,
    DmarcPsd Psd,
    ImmutableArray<string> AggregateReportUris,
    ImmutableArray<string> FailureReportUris,
    string FailureOptions)
{
    /// <summary>A text of more octets is no record: a walk for one message may read a hundred (AUTH-98).</summary>
    private const int MaximumLength = 4096;

    /// <summary>
    /// Reads a TXT record's text (its strings joined). False when it is no DMARC record: v=DMARC1 must come first, in upper case (AUTH-2),
    /// and no record has more than 4,096 octets.
    /// Anything wrong behind that is ignored tag by tag (RFC 9989 §4.8).
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DmarcRecord? record)
    {
        ArgumentNullException.ThrowIfNull(text);
        record = null;
        var first = text.AsSpan(0, text.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : text.Length);
        if (text.Length > MaximumLength || !IsVersion(first))
        {
            return false;
        }

        var tags = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

        foreach (var part in text.Split(';').AsSpan(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && part.All(c => c is '\t' or (>= ' ' and <= '~')))
            {
                // RFC 6376 §3.2, whose syntax this is, forbids two tags of one name, and RFC 9989 §4.8 drops what breaks the syntax:
                // neither counts, since readers would differ about which one does.
                var name = part[..equals].Trim(' ', '\t');
                tags[name] = tags.ContainsKey(name) ? null : part[(equals + 1)..].Trim(' ', '\t');
            }
        }

        record = FromTags(tags);
        return true;
    }

    /// <summary>
    /// The record as it is to be applied (RFC 9989 §4.10.1, AUTH-6): one whose policies are not all valid counts as p=none if it names
    /// somewhere to report to; otherwise null, and DMARC does not apply.
    /// </summary>
    public DmarcRecord? Applicable() => !HasInvalidPolicy ? this
        : AggregateReportUris.IsEmpty ? null
        : this with { Policy = DmarcPolicy.None, SubdomainPolicy = null, NonexistentPolicy = null };

    /// <summary>"v" equals %s"DMARC1"</summary>
    private static bool IsVersion(ReadOnlySpan<char> part)
    {
        var equals = part.IndexOf('=');
        return equals > 0
            && part[..equals].TrimEnd(" \t").Equals("v", StringComparison.OrdinalIgnoreCase)
            && part[(equals + 1)..].Trim(" \t").SequenceEqual("DMARC1");
    }

    private static DmarcRecord FromTags(Dictionary<string, string?> tags)
    {
        var hasValidP = TryPolicy(tags, "p", out var p);
        var isValid = TryPolicy(tags, "sp", out var sp) & TryPolicy(tags, "np", out var np) & hasValidP;
        return new DmarcRecord(
            p,
            sp,
            np,
            !isValid || p is null,
            Is(tags, "adkim", "s"),
            Is(tags, "aspf", "s"),
            Is(tags, "t", "y"),
            Is(tags, "psd", "y") ? DmarcPsd.Yes : Is(tags, "psd", "n") ? DmarcPsd.No : DmarcPsd.Unknown,
            Uris(tags, "rua"),
            Uris(tags, "ruf"),
            tags.GetValueOrDefault("fo") ?? "0");
    }

    private static bool Is(Dictionary<string, string?> tags, string name, string value) =>
        string.Equals(tags.GetValueOrDefault(name), value, StringComparison.OrdinalIgnoreCase);

    /// <summary>False only when the tag is there with an unknown value, or twice.</summary>
    private static bool TryPolicy(Dictionary<string, string?> tags, string name, out DmarcPolicy? policy)
    {
        policy = null;
        if (!tags.TryGetValue(name, out var value))
        {
            return true;
        }

        policy = value?.ToLowerInvariant() switch
        {
            "none" => DmarcPolicy.None,
            "quarantine" => DmarcPolicy.Quarantine,
            "reject" => DmarcPolicy.Reject,
            _ => null,
        };
        return policy is not null;
    }

    private static ImmutableArray<string> Uris(Dictionary<string, string?> tags, string name) => tags.GetValueOrDefault(name) is { } value
        ? [.. value.Split(',').Select(u => u.Trim(' ', '\t').Split('!')[0]).Where(IsUri)]
        : [];

    /// <summary>scheme ":" and something behind it, without blanks; a mailto has an address.</summary>
    private static bool IsUri(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon + 1 == text.Length || text.AsSpan().ContainsAny(" \t\"<>") || !char.IsAsciiLetter(text[0]))
        {
            return false;
        }

        return text.AsSpan(0, colon).Equals("mailto", StringComparison.OrdinalIgnoreCase)
            ? text.IndexOf('@', StringComparison.Ordinal) is var at && at > colon + 1 && at + 1 < text.Length
            : text.AsSpan(0, colon).ToString().All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.');
    }
}
