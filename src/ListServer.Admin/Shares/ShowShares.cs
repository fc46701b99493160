using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.MailAuth.Dmarc;
using ListServer.Store;

namespace ListServer.Admin.Shares;

/// <summary>How far domains are with mail authentication (普及状況).</summary>
/// <param name="Domains">So many domains are known.</param>
/// <param name="Spf">Of them with SPF: a record, or for authors a pass for their own domain.</param>
/// <param name="Dkim">Of them with DKIM: keys in DNS, or for authors a signature of their own domain that verified.</param>
/// <param name="Dmarc">Of them with a DMARC record that applies.</param>
/// <param name="Quarantine">Of them with p=quarantine.</param>
/// <param name="Reject">Of them with p=reject.</param>
/// <param name="Unprotected">Of them with none of the three.</param>
public sealed record DomainShares(int Domains, int Spf, int Dkim, int Dmarc, int Quarantine, int Reject, int Unprotected);

/// <summary>The shares of a list.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Members">Of domains of receiving members, from DNS.</param>
/// <param name="Unknown">Members' domains of which nothing is known yet.</param>
/// <param name="OldestAt">When the first of them was asked about; null when none was.</param>
/// <param name="Authors">Of authors' domains, from the verification of their posts.</param>
/// <param name="Posts">So many posts were looked at for that.</param>
/// <param name="SpfOnly">Authors' domains with a strict policy that no DKIM signature of theirs ever backed: their posts can't reach members unchanged.</param>
public sealed record ListShares(
    string List, DomainShares Members, int Unknown, DateTimeOffset? OldestAt, DomainShares Authors, int Posts, IReadOnlyList<string> SpfOnly);

/// <summary>How far the domains of a list's members and authors are with SPF, DKIM and DMARC. DNS is not asked: that was done before, in the background.</summary>
/// <param name="List">The posting address.</param>
public sealed record ShowShares(string List) : Query<ListShares>
{
    /// <summary>So many of a list's domains are looked at, those with the most members.</summary>
    public const int MostDomains = 2_000;

    private const int PostsRead = 300;
    private const int Named = 20;
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    /// <inheritdoc/>
    protected override Outcome<ListShares> Look(AdminContext context)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var domains = context.Store.Receivers(list.Address).Destinations.OrderByDescending(destination => destination.Addresses.Length).Take(MostDomains).Select(destination => destination.Domain).ToList();
        var facts = domains.Select(context.Store.FindDomainFacts).OfType<DomainFacts>().Where(fact => fact.Failure is null).ToList();
        var since = context.Time.GetUtcNow() - Memory;
        var posts = context.Store.LatestPosts(list.Address).Take(PostsRead).TakeWhile(post => post.ReceivedAt > since)
            .Where(post => post.State is PostState.Accepted or PostState.Distributed && post.Report.Author.IsValid).ToList();
        var authors = posts.GroupBy(post => post.Report.Author.Domain!, StringComparer.OrdinalIgnoreCase).Select(of => AuthorFacts(of.Key, [.. of])).ToList();
        return new ListShares(
            list.Address,
            Count(facts),
            domains.Count - facts.Count,
            facts.Count == 0 ? null : facts.Min(fact => fact.AskedAt),
            Count(authors),
            posts.Count,
            [.. authors.Where(author => author.Policy is not DmarcPolicy.None && !author.HasDkimKeys).Select(author => author.Domain).Order(StringComparer.Ordinal).Take(Named)]);
    }

    private static DomainFacts AuthorFacts(string domain, List<Post> posts)
    {
        // The newest post tells the policy of today.
        var dmarc = posts[0].Report.Dmarc;
        return new DomainFacts(
            domain,
            posts[0].ReceivedAt,
            posts.Exists(post => post.Report.Dmarc.SpfAligned || (post.Report.SpfMailFrom.Verdict is MailAuth.Spf.SpfVerdict.Pass && Same(post.Report.SpfMailFrom.Domain, domain))),
            posts.Exists(post => post.Report.Dmarc.DkimAligned || post.Report.Dkim.Any(dkim => dkim.Verdict is MailAuth.Dkim.DkimVerdict.Pass && Same(dkim.Domain, domain))),
            dmarc.RecordDomain is not null,
            dmarc.Policy ?? DmarcPolicy.None);
    }

    private static DomainShares Count(List<DomainFacts> facts) => new(
        facts.Count,
        facts.Count(fact => fact.HasSpf),
        facts.Count(fact => fact.HasDkimKeys),
        facts.Count(fact => fact.HasDmarc),
        facts.Count(fact => fact.Policy is DmarcPolicy.Quarantine),
        facts.Count(fact => fact.Policy is DmarcPolicy.Reject),
        facts.Count(fact => !fact.HasSpf && !fact.HasDkimKeys && !fact.HasDmarc));

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
