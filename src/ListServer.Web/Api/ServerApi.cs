using System.Collections.Immutable;
using ListServer.Admin;
using ListServer.Admin.Audit;
using ListServer.Admin.Domains;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.People;
using ListServer.Admin.Queue;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Api;

/// <summary>A domain to take into care.</summary>
/// <param name="Name">In U-labels or A-labels.</param>
public sealed record NewDomain(string Name);

/// <summary>A key to make.</summary>
/// <param name="Selector">Letters, digits and hyphens.</param>
public sealed record NewKey(string Selector)
{
    /// <summary>True for Ed25519 instead of RSA-2048.</summary>
    public bool IsEd25519 { get; init; }
}

/// <summary>A key that signs.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Selector">Its selector.</param>
/// <param name="Name">The name of its DNS record.</param>
/// <param name="Record">The record's text.</param>
/// <param name="ZoneLine">The record as a line of a zone file.</param>
public sealed record ApiKey(string Domain, string Selector, string Name, string Record, string ZoneLine)
{
    internal static ApiKey Of(KeyAnswer key) => new(key.Domain, key.Selector, key.Name, key.Record, key.ZoneLine);
}

/// <summary>What somebody may do on this server.</summary>
public sealed record UserChange
{
    /// <summary>As people are shown it; null leaves it.</summary>
    public string? Name { get; init; }

    /// <summary>True for who may do everything; null leaves it.</summary>
    public bool? RunsServer { get; init; }

    /// <summary>Domains in this person's care; null leaves them.</summary>
    public IReadOnlyList<string>? Domains { get; init; }

    /// <summary>True for who may no longer sign in; null leaves it.</summary>
    public bool? IsDisabled { get; init; }
}

/// <summary>What to try again now.</summary>
public sealed record QueueRetry
{
    /// <summary>One destination; null for all.</summary>
    public string? Destination { get; init; }
}

/// <summary>What to give up.</summary>
/// <param name="PostId">The post.</param>
public sealed record QueueDrop(string PostId)
{
    /// <summary>One recipient; null for all.</summary>
    public string? Recipient { get; init; }
}

/// <summary>How the server fares.</summary>
/// <param name="Lists">How many lists there are.</param>
/// <param name="Memberships">On all of them.</param>
/// <param name="Held">Posts that wait for a moderator.</param>
/// <param name="Waiting">Recipients that wait for a copy.</param>
/// <param name="Undistributed">Posts of which there are no copies yet.</param>
/// <param name="DomainsWithoutKey">Domains from which nothing leaves, as they have no key.</param>
/// <param name="OldestWaitsSince">Since when the oldest copy waits; null for none.</param>
public sealed record ApiHealth(int Lists, long Memberships, long Held, long Waiting, int Undistributed, IReadOnlyList<string> DomainsWithoutKey, DateTimeOffset? OldestWaitsSince);

/// <summary>Health, domains, keys, the queue, people, and who changed what.</summary>
internal static class ServerApi
{
    public static void MapServerApi(this IEndpointRouteBuilder routes)
    {
        var api = new ApiRoutes(routes, "Server");
        api.Get<ApiHealth>("/health", Right.RunServer, Scope.ServerRead, "How the server fares", HealthAsync);
        api.Get<ItemPage<Audited>>("/audit", Right.RunServer, Scope.ServerRead, "Who changed what, the newest first", call => call.RunAsync(
            new BrowseAudit(call.Query("about"), call.After, call.Limit + 1), entries => Answer.Json(ItemPage<Audited>.Of(entries, call.Limit, entry => entry.Id))),
            [QueryParameter.Text("about", "To one list, domain or person."), .. QueryParameter.Page]);
        MapDomains(new ApiRoutes(routes, "Domains"));
        MapQueue(new ApiRoutes(routes, "Queue"));
        MapPeople(new ApiRoutes(routes, "People"));
    }

    private static void MapDomains(ApiRoutes api)
    {
        api.Get<IReadOnlyList<MailDomain>>("/domains", Right.RunServer, Scope.ServerRead, "Domains, by name", call => call.RunAsync(new BrowseDomains(), domains => Answer.Json(domains)));
        api.Post<NewDomain, MailDomain>("/domains", Right.RunServer, Scope.ServerWrite, "Takes a domain into care", (call, wanted) => call.RunAsync(
            new AddDomain(wanted.Name), domain => Answer.Json(domain, StatusCodes.Status201Created) with { Location = $"{ApiRoutes.Base}/domains/{domain.Name}" }));
        api.Get<DomainDetail>("/domains/{domain}", Right.RunServer, Scope.ServerRead, "A domain, and what to publish for it", call => call.RunAsync(new ShowDomain(call.Route("domain")), detail => Answer.Json(detail)));
        api.Post<NewKey, ApiKey>("/domains/{domain}/keys", Right.RunServer, Scope.ServerWrite, "Makes a key and signs with it from now on", (call, wanted) => call.RunAsync(
            new GenerateKey(call.Route("domain"), wanted.Selector, wanted.IsEd25519),
            key => Answer.Json(ApiKey.Of(key), StatusCodes.Status201Created) with { Location = $"{ApiRoutes.Base}/domains/{key.Domain}/keys/{key.Selector}" }));
        api.Get<ApiKey>("/domains/{domain}/keys/{selector}", Right.RunServer, Scope.ServerRead, "The DNS record of a key", call => call.RunAsync(
            new ShowKey(call.Route("domain"), call.Route("selector")), key => Answer.Json(ApiKey.Of(key))));
    }

    private static void MapQueue(ApiRoutes api)
    {
        api.Get<QueueOverview>("/queue", Right.RunServer, Scope.ServerRead, "All that waits", call => call.RunAsync(new BrowseQueue(), queue => Answer.Json(queue)));
        api.Get<DestinationQueue>("/queue/{destination}", Right.RunServer, Scope.ServerRead, "Who waits for what at one destination", call => call.RunAsync(
            new ShowQueue(call.Route("destination"), call.Limit), queue => Answer.Json(queue)), QueryParameter.Limit);
        api.Post<QueueRetry, RetryAnswer>("/queue/retry", Right.RunServer, Scope.ServerWrite, "Tries again now", (call, wanted) => call.RunAsync(
            new RetryQueue(wanted.Destination), done => Answer.Json(done)), StatusCodes.Status200OK);
        api.Post<QueueDrop, DropAnswer>("/queue/drop", Right.RunServer, Scope.ServerWrite, "Gives up what waits of a post", (call, wanted) => call.RunAsync(
            new DropQueued(wanted.PostId, wanted.Recipient), done => Answer.Json(done)), StatusCodes.Status200OK);
    }

    private static void MapPeople(ApiRoutes api)
    {
        api.Get<IReadOnlyList<UserAnswer>>("/users", Right.RunServer, Scope.ServerRead, "Who runs the server or domains", call => call.RunAsync(new BrowseUsers(), users => Answer.Json(users)));
        api.Put<UserChange, UserAnswer>("/users/{address}", Right.RunServer, Scope.ServerWrite, "Makes a user, or changes what one may do", (call, wanted) => call.RunAsync(
            new SaveUser(call.Route("address"))
            {
                Name = wanted.Name,
                RunsServer = wanted.RunsServer,
                Domains = wanted.Domains is { } domains ? domains.ToImmutableArray() : null,
                IsDisabled = wanted.IsDisabled,
            },
            user => Answer.Json(user)));
        api.Delete("/users/{address}", Right.RunServer, Scope.ServerWrite, "Takes a user's rights away", call => call.RunAsync(new RemoveUser(call.Route("address")), _ => Answer.Nothing()));
        api.Get<TokenAnswer>("/token", Right.SignedIn, null, "The token that you bring", call => call.RunAsync(
            new BrowseTokens(call.Visitor.Address), tokens => Answer.Json(tokens.First(token => token.Id == call.Visitor.Grant!.Id))));
        api.Delete("/token", Right.SignedIn, null, "Ends the token that you bring", call => call.RunAsync(new RevokeToken(call.Visitor.Grant!.Id), _ => Answer.Nothing()));
    }

    private static async Task<Answer> HealthAsync(Call call)
    {
        var lists = await call.Visit.Desk.RunAsync(new BrowseLists(), call.Cancelled) is Outcome<IReadOnlyList<ListSummary>>.Done(var all) ? all : [];
        var domains = await call.Visit.Desk.RunAsync(new BrowseDomains(), call.Cancelled) is Outcome<IReadOnlyList<MailDomain>>.Done(var some) ? some : [];
        return await call.RunAsync(new BrowseQueue(), queue => Answer.Json(new ApiHealth(
            lists.Count,
            lists.Sum(list => (long)list.Members),
            lists.Sum(list => (long)list.Held),
            queue.Destinations.Sum(one => (long)one.Waiting),
            queue.Undistributed.Count,
            [.. domains.Where(domain => domain.Selector is null).Select(domain => domain.Name)],
            queue.Destinations.Count > 0 ? queue.Destinations.Min(one => one.Oldest) : null)));
    }
}
