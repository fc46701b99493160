using System.Collections.Immutable;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;

namespace ListServer.Lists.Mitigation;

/// <summary>What becomes of the signatures that verified when a post arrived.</summary>
/// <param name="report">What was found then.</param>
/// <param name="now">The time that x= is held against.</param>
internal sealed class AuthorSignatures(AuthenticationReport report, DateTimeOffset now)
{
    /// <summary>True when there is any.</summary>
    public bool Any => report.Dkim.Any(d => d.Verdict is DkimVerdict.Pass);

    /// <summary>Verifies them on these octets: one answer for each signature field, top to bottom; false for those that never did.</summary>
    public ImmutableArray<bool> Verify(RawMessage message)
    {
        var again = new Queue<DkimResult>(DkimVerifier.VerifyAgain(message, report.Dkim.RemoveAll(d => d.Verdict is not DkimVerdict.Pass), now));
        return [.. report.Dkim.Select(d => d.Verdict is DkimVerdict.Pass && again.Dequeue() is { Verdict: DkimVerdict.Pass, CoversWholeBody: true })];
    }

    /// <summary>True when one of those that verify authenticates the author (AUTH-71).</summary>
    public bool Survives(ImmutableArray<bool> verifying) => report.Dkim.Zip(verifying).Any(p => p.Second && Authenticates(p.First));

    /// <summary>Takes out the signatures of the outgoing From's own domain that verified once and do not now (AUTH-36).</summary>
    /// <param name="draft">The copy.</param>
    /// <param name="verifying">What <see cref="Verify"/> says about it.</param>
    /// <param name="fromDomain">The domain of the From that the copy bears.</param>
    public Draft RemoveBroken(Draft draft, ImmutableArray<bool> verifying, string fromDomain)
    {
        // One result for each field, top to bottom, and no step before this one takes any out.
        var fields = draft.Fields.Where(f => f.Is("DKIM-Signature")).ToImmutableArray();
        if (fields.Length != report.Dkim.Length)
        {
            return draft;
        }

        var broken = fields.Index()
            .Where(f => report.Dkim[f.Index].Verdict is DkimVerdict.Pass && !verifying[f.Index] && IsAligned(report.Dkim[f.Index].Domain, fromDomain))
            .Select(f => f.Item.Octets)
            .ToArray();
        return draft.Remove(ModificationKind.TraceRemoved, f => Array.Exists(broken, b => b.Equals(f.Octets)));
    }

    private bool Authenticates(DkimResult signature)
    {
        // Without a record only the author's very domain counts. With one, a signature of the very domain leaves open whether others
        // would have been aligned too (adkim=), so none is taken for it.
        var author = report.Author.Domain!;
        var hasExact = report.Dkim.Any(d => d is { Verdict: DkimVerdict.Pass, CoversWholeBody: true } && IsSame(d.Domain, author));
        return report.Dmarc.Policy is null || hasExact
            ? IsSame(signature.Domain, author)
            : report.Dmarc.DkimAligned && IsAligned(signature.Domain, author);
    }

    // Relaxed alignment (RFC 9989 §4.4.1), by the Organizational Domain that was found when the post arrived.
    private bool IsAligned(string domain, string fromDomain)
    {
        var organization = report.Dmarc.OrganizationalDomain is { } known && IsWithin(fromDomain, known) ? known : fromDomain;
        return IsWithin(domain, organization);
    }

    private static bool IsWithin(string domain, string organization) =>
        IsSame(domain, organization) || domain.EndsWith("." + organization, StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
