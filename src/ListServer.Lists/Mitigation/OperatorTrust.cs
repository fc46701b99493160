using System.Collections.Immutable;
using ListServer.MailAuth.Arc;

namespace ListServer.Lists.Mitigation;

/// <summary>Whom the operator trusts, and what the operator knows about domains.</summary>
public sealed record OperatorTrust
{
    /// <summary>Domains (d= of an ARC-Seal, lower case) whose word about authentication counts (AUTH-46). Empty unless the operator names some.</summary>
    public ImmutableHashSet<string> Sealers { get; init; } = [];

    /// <summary>
    /// Author domains (lower-case A-labels) taken for strict whatever they publish (AUTH-72). Seeded with gmail.com: Gmail refuses
    /// failing mail from its own domain in spite of p=none.
    /// </summary>
    public ImmutableHashSet<string> StrictDomains { get; init; } = ["gmail.com"];

    /// <summary>The same for one list, with the domains that it takes for strict itself.</summary>
    public OperatorTrust For(MailingList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.StrictDomains.IsEmpty ? this : this with { StrictDomains = StrictDomains.Union(list.StrictDomains) };
    }

    /// <summary>The sealer on the allow-list who saw DMARC pass for this author's domain, or null.</summary>
    internal string? Vouches(ArcResult arc, string authorDomain)
    {
        if (arc is not { Verdict: ArcVerdict.Pass, NewestResults: { } results } || arc.Sealers.IsEmpty || !Sealers.Contains(arc.Sealers[^1]))
        {
            return null;
        }

        return SealedResults.SaysDmarcPass(results, authorDomain) ? arc.Sealers[^1] : null;
    }
}
