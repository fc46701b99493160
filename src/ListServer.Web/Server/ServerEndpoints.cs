using System.Collections.Immutable;
using ListServer.Admin;
using ListServer.Admin.Audit;
using ListServer.Admin.Domains;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.People;
using ListServer.Admin.Publishing;
using ListServer.Admin.Queue;
using ListServer.Admin.Webhooks;
using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.Lists.Webhooks;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Server;

/// <summary>/admin: the server itself, its domains, what waits to be delivered, who runs it, and who changed what.</summary>
internal static class ServerEndpoints
{
    private const int PageSize = 50;

    public static void MapServer(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin", HealthAsync).Needs(Right.RunServer);
        routes.MapGet("/admin/domains", (Visit visit) => DomainsAsync(visit, null, "", StatusCodes.Status200OK)).Needs(Right.RunServer);
        routes.MapPost("/admin/domains", AddDomainAsync).Needs(Right.RunServer);
        routes.MapGet("/admin/domains/{domain}", (string domain, Visit visit) => visit.ShowAsync(
            new ShowDomain(domain), detail => Answers.Page<DomainPage>(new { Detail = detail }))).Needs(Right.RunServer);
        routes.MapPost("/admin/domains/{domain}/key", MakeKeyAsync).Needs(Right.RunServer);
        routes.MapGet("/admin/domains/{domain}/dns", (string domain, Visit visit) => visit.ShowAsync(
            new CheckDns(domain), report => visit.ShowAsync(new ShowDns(domain), records => Answers.Page<DnsPage>(new { Report = report, Records = records })))).Needs(Right.RunServer);
        routes.MapGet("/admin/queue", (Visit visit) => visit.ShowAsync(new BrowseQueue(), queue => Answers.Page<QueuePage>(new { Queue = queue }))).Needs(Right.RunServer);
        routes.MapPost("/admin/queue/retry", RetryAsync).Needs(Right.RunServer);
        routes.MapGet("/admin/users", (Visit visit) => visit.ShowAsync(new BrowseUsers(), users => Answers.Page<UsersPage>(new { Users = users }))).Needs(Right.RunServer);
        routes.MapPost("/admin/users", SaveUserAsync).Needs(Right.RunServer);
        routes.MapPost("/admin/users/{address}/remove", (string address, Visit visit) => visit.ShowAsync(
            new RemoveUser(address), user => visit.Go("/admin/users", visit.Words.Say("{0} has no rights on this server any more.", user.Address)))).Needs(Right.RunServer);
        routes.MapPost("/admin/users/{address}/sign-out", (string address, Visit visit) => visit.ShowAsync(
            new CloseSessions(address), _ => visit.Go("/admin/users", visit.Words.Say("{0} is signed out everywhere.", address)))).Needs(Right.RunServer);
        routes.MapGet("/admin/audit", (string? about, string? before, Visit visit) => visit.ShowAsync(
            new BrowseAudit(string.IsNullOrWhiteSpace(about) ? null : about.Trim(), before, PageSize),
            entries => Answers.Page<AuditPage>(new { Entries = entries, About = about ?? "", HasMore = entries.Count == PageSize }))).Needs(Right.RunServer);
    }

    private static Task<IResult> HealthAsync(Visit visit) => visit.ShowAsync(new BrowseQueue(), async queue =>
    {
        var lists = await visit.Desk.RunAsync(new BrowseLists(), visit.Http.RequestAborted) is Outcome<IReadOnlyList<ListSummary>>.Done(var all) ? all : [];
        var domains = await visit.Desk.RunAsync(new BrowseDomains(), visit.Http.RequestAborted) is Outcome<IReadOnlyList<MailDomain>>.Done(var some) ? some : [];
        var keys = await visit.Desk.RunAsync(new BrowseKeys(), visit.Http.RequestAborted) is Outcome<IReadOnlyList<DomainKey>>.Done(var known) ? known : [];
        var webhooks = await visit.Desk.RunAsync(new BrowseWebhooks(""), visit.Http.RequestAborted) is Outcome<IReadOnlyList<Webhook>>.Done(var hooks) ? hooks : [];
        return Answers.Page<HealthPage>(new { Queue = queue, Lists = lists, Domains = domains, Keys = keys, GivenUp = webhooks.Where(hook => hook.DisabledAt is not null).ToList() });
    });

    private static async Task<IResult> DomainsAsync(Visit visit, string? problem, string name, int status) => await visit.ShowAsync(
        new BrowseDomains(), domains => Answers.Page<DomainsPage>(new { Domains = domains, Problem = problem, Name = name }, status));

    private static async Task<IResult> AddDomainAsync(Visit visit)
    {
        var name = (await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted))["name"].ToString().Trim();
        return await visit.Desk.RunAsync(new AddDomain(name), visit.Http.RequestAborted) switch
        {
            Outcome<MailDomain>.Done(var domain) => visit.Go("/admin/domains/" + domain.Name, visit.Words.Say("{0} is here. Make a key, and publish the records.", domain.Name)),
            Outcome<MailDomain>.Refused(_, var message) => await DomainsAsync(visit, message, name, StatusCodes.Status400BadRequest),
            _ => Results.Empty,
        };
    }

    private static async Task<IResult> MakeKeyAsync(string domain, Visit visit)
    {
        var selector = (await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted))["selector"].ToString().Trim();
        return await visit.Desk.RunAsync(new GenerateKey(domain, selector), visit.Http.RequestAborted) switch
        {
            Outcome<KeyAnswer>.Done(var key) => visit.Go("/admin/domains/" + key.Domain, visit.Words.Say("{0} has a new key. It signs as soon as its record stands in DNS: publish it now.", key.Domain)),
            Outcome<KeyAnswer>.Refused(_, var message) => await visit.ShowAsync(
                new ShowDomain(domain), detail => Answers.Page<DomainPage>(new { Detail = detail, Problem = message, Selector = selector }, StatusCodes.Status400BadRequest)),
            _ => Results.Empty,
        };
    }

    private static async Task<IResult> RetryAsync(Visit visit)
    {
        var destination = (await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted))["destination"].ToString();
        return await visit.ShowAsync(
            new RetryQueue(destination.Length > 0 ? destination : null),
            done => visit.Go("/admin/queue", visit.Words.Say("{0} recipients are tried again now.", done.Recipients)));
    }

    private static async Task<IResult> SaveUserAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        ImmutableArray<string> domains = [.. form["domains"].ToString().Split([',', ' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];
        var save = new SaveUser(form["address"].ToString().Trim())
        {
            Name = form["name"].ToString().Trim(),
            RunsServer = form["server"] == "yes",
            Domains = domains,
            IsDisabled = form["disabled"] == "yes",
        };
        return await visit.Desk.RunAsync(save, visit.Http.RequestAborted) switch
        {
            Outcome<UserAnswer>.Done(var user) => visit.Go("/admin/users", visit.Words.Say("{0} is saved.", user.Address)),
            Outcome<UserAnswer>.Refused(_, var message) => await visit.ShowAsync(
                new BrowseUsers(), users => Answers.Page<UsersPage>(new { Users = users, Problem = message, Entry = save }, StatusCodes.Status400BadRequest)),
            _ => Results.Empty,
        };
    }
}
