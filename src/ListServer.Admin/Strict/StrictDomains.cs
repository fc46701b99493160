using System.Collections.Immutable;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.MailAuth.Dmarc;
using ListServer.Store.Changes;

namespace ListServer.Admin.Strict;

/// <summary>A domain that refusals suggest to take for strict (AUTH-59, AUTH-72).</summary>
/// <param name="Domain">In From of the posts that were refused.</param>
/// <param name="Count">Copies refused for want of authentication.</param>
/// <param name="LastAt">When the last of them was.</param>
/// <param name="Destinations">Who refused them.</param>
/// <param name="Words">Their words, the last ones.</param>
public sealed record StrictProposal(string Domain, long Count, DateTimeOffset LastAt, ImmutableArray<string> Destinations, string Words);

/// <summary>Author domains that a list takes for strict whatever they publish.</summary>
/// <param name="List">The posting address.</param>
/// <param name="OfServer">Those of all lists: the option Trust:AlwaysStrict.</param>
/// <param name="OfList">Those that somebody accepted for this list.</param>
/// <param name="Proposed">What refusals of the last ninety days suggest. Nothing follows from them by itself.</param>
public sealed record StrictDomainsView(string List, IReadOnlyList<string> OfServer, IReadOnlyList<string> OfList, IReadOnlyList<StrictProposal> Proposed);

/// <summary>Which authors' domains a list takes for strict, and which it might.</summary>
/// <param name="List">The posting address.</param>
public sealed record BrowseStrictDomains(string List) : Query<StrictDomainsView>
{
    /// <inheritdoc/>
    protected override Outcome<StrictDomainsView> Look(AdminContext context)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var proposed = context.Store.Incidents(list.Address)
            .Where(incident => incident.Cause is IncidentCause.Authentication && incident.AuthorDomain.Length > 0 && !IsStrict(context, list, incident.AuthorDomain))
            .GroupBy(incident => incident.AuthorDomain, StringComparer.OrdinalIgnoreCase)
            .Select(Propose).OrderByDescending(proposal => proposal.Count);
        return new StrictDomainsView(list.Address, [.. context.Trust.StrictDomains.Order(StringComparer.Ordinal)], [.. list.StrictDomains], [.. proposed]);
    }

    private static StrictProposal Propose(IGrouping<string, Incident> incidents)
    {
        var last = incidents.MaxBy(incident => incident.LastAt)!;
        return new StrictProposal(
            incidents.Key.ToLowerInvariant(), incidents.Sum(incident => incident.Count), last.LastAt, [.. incidents.Select(incident => incident.Destination).Order(StringComparer.Ordinal)], last.Words);
    }

    // Of a domain that is strict by its own record, From is rewritten already: its refusals have another cause.
    private static bool IsStrict(AdminContext context, MailingList list, string domain) =>
        context.Trust.For(list).StrictDomains.Contains(domain.ToLowerInvariant()) || context.Store.FindDomainFacts(domain) is { Failure: null, Policy: not DmarcPolicy.None };
}

/// <summary>Takes an author's domain for strict on a list: where its signature does not survive, From is rewritten from now on.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Domain">The author's domain.</param>
public sealed record AcceptStrictDomain(string List, string Domain) : UseCase<StrictDomainsView>
{
    /// <summary>A list has so many at the most.</summary>
    public const int Most = 200;

    /// <inheritdoc/>
    public override async Task<Outcome<StrictDomainsView>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (DomainName.Normalize(Domain) is not { } domain)
        {
            return RefusedUseCase.Invalid($"'{Domain}' is not a domain name.");
        }

        if (context.Trust.For(list).StrictDomains.Contains(domain))
        {
            return RefusedUseCase.Conflict($"{domain} is taken for strict already.");
        }

        if (list.StrictDomains.Length >= Most)
        {
            return RefusedUseCase.Conflict($"There are {Most} already; --mitigation always is for lists with so many.");
        }

        await context.CommitAsync(new ListSaved(list with { StrictDomains = [.. list.StrictDomains.Add(domain).Order(StringComparer.Ordinal)] }), cancellationToken);
        return await new BrowseStrictDomains(list.Address).RunAsync(context, cancellationToken);
    }
}

/// <summary>Takes an author's domain for what it publishes again.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Domain">The author's domain.</param>
public sealed record DropStrictDomain(string List, string Domain) : UseCase<StrictDomainsView>
{
    /// <inheritdoc/>
    public override async Task<Outcome<StrictDomainsView>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (DomainName.Normalize(Domain) is not { } domain || !list.StrictDomains.Contains(domain))
        {
            return RefusedUseCase.NotFound($"{list.Address} does not take {Domain} for strict by itself; the option Trust:AlwaysStrict is for all lists.");
        }

        await context.CommitAsync(new ListSaved(list with { StrictDomains = list.StrictDomains.Remove(domain) }), cancellationToken);
        return await new BrowseStrictDomains(list.Address).RunAsync(context, cancellationToken);
    }
}
