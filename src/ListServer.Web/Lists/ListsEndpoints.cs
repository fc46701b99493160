using ListServer.Admin;
using ListServer.Admin.Domains;
using ListServer.Admin.Incidents;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Admin.Posts;
using ListServer.Admin.Shares;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refusal = ListServer.Admin.Refusal;

namespace ListServer.Web.Lists;

/// <summary>/lists: the lists that the viewer has to do with, a new one, and how one fares.</summary>
internal static class ListsEndpoints
{
    private const int LatestPosts = 5;

    public static void MapLists(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists", (string? q, Visit visit) => visit.ShowAsync(
            new BrowseOwnLists(visit.Visitor!.Address, (q ?? "").Trim()),
            lists => Answers.Page<ListsPage>(new { Lists = lists, Search = (q ?? "").Trim() }))).Needs(Right.SignedIn);
        routes.MapGet("/lists/new", async (Visit visit) =>
            Answers.Page<NewListPage>(new { Domains = await DomainsAsync(visit), Entry = new NewList("", "", "discussion", visit.Visitor!.Address, "") })).Needs(Right.RunDomain);
        routes.MapPost("/lists/new", CreateAsync).Needs(Right.RunDomain);
        routes.MapGet("/lists/{list}", OverviewAsync).Needs(Right.Moderate);
    }

    private static async Task<IResult> CreateAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var entry = new NewList(form["local"].ToString().Trim(), form["name"].ToString().Trim(), form["type"].ToString(), form["owner"].ToString().Trim(), form["domain"].ToString());
        var created = visit.Visitor!.RunsDomain(entry.Domain)
            ? await visit.Desk.RunAsync(new CreateList($"{entry.LocalPart}@{entry.Domain}") { DisplayName = entry.Name.Length > 0 ? entry.Name : null, Settings = entry.Settings() }, visit.Http.RequestAborted)
            : new Outcome<MailingList>.Refused(Refusal.NotAllowed, visit.Words.Say("Choose one of the domains in your care."));
        if (created is not Outcome<MailingList>.Done(var list))
        {
            var problem = ((Outcome<MailingList>.Refused)created).Message;
            return Answers.Page<NewListPage>(new { Domains = await DomainsAsync(visit), Entry = entry, Problem = problem }, StatusCodes.Status400BadRequest);
        }

        if (entry.Owner.Length > 0
            && await visit.Desk.RunAsync(new AddMember(list.Address, entry.Owner) { Role = MemberRole.Owner }, visit.Http.RequestAborted) is Outcome<Member>.Refused(_, var message))
        {
            return visit.Go($"/lists/{list.Address}", visit.Words.Say("The list is there, but has no owner yet: {0}", message));
        }

        return visit.Go($"/lists/{list.Address}", visit.Words.Say("The list {0} is there.", list.DisplayName));
    }

    private static async Task<IReadOnlyList<string>> DomainsAsync(Visit visit) =>
        await visit.Desk.RunAsync(new BrowseDomains(), visit.Http.RequestAborted) is Outcome<IReadOnlyList<MailDomain>>.Done(var domains)
            ? [.. domains.Select(domain => domain.Name).Where(visit.Visitor!.RunsDomain)]
            : [];

    private static async Task<IResult> OverviewAsync(Visit visit)
    {
        var incidents = await visit.Desk.RunAsync(new BrowseIncidents(visit.List.Address), visit.Http.RequestAborted) is Outcome<IReadOnlyList<Incident>>.Done(var open) ? open.Count : 0;
        var suspended = await visit.Desk.RunAsync(new FindMembers(visit.List.Address, Filter: MemberFilter.Suspended, Limit: 1_000), visit.Http.RequestAborted) is Outcome<FoundMembers>.Done(var found) ? found.Members.Count : 0;
        var posts = await visit.Desk.RunAsync(new BrowsePosts(visit.List.Address, null, null, LatestPosts), visit.Http.RequestAborted) is Outcome<IReadOnlyList<Post>>.Done(var latest) ? latest : [];
        var shares = await visit.Desk.RunAsync(new ShowShares(visit.List.Address), visit.Http.RequestAborted) is Outcome<ListShares>.Done(var known) ? known : null;
        return await visit.ShowAsync(
            new BrowseLists(visit.List.Address),
            lists => Answers.Page<OverviewPage>(new { Summary = lists[0], Incidents = incidents, Suspended = suspended, Posts = posts, Shares = shares }));
    }
}

/// <summary>What the form for a new list holds.</summary>
/// <param name="LocalPart">The part before the @.</param>
/// <param name="Name">The name that people see.</param>
/// <param name="Type">discussion, moderated, announcements or team.</param>
/// <param name="Owner">Who runs it; may be empty.</param>
/// <param name="Domain">The part behind the @.</param>
public sealed record NewList(string LocalPart, string Name, string Type, string Owner, string Domain)
{
    /// <summary>What the four types set; all else is as everywhere.</summary>
    public ListSettings Settings() => Type switch
    {
        "moderated" => new ListSettings { Posting = PostingPolicy.Moderated },
        "announcements" => new ListSettings { Posting = PostingPolicy.AnnounceOnly, Personalize = true },
        "team" => new ListSettings { Posting = PostingPolicy.Members, SubjectPrefix = $"[{LocalPart}] ", HoldNotices = HoldNoticeSetting.AtOnce },
        _ => new ListSettings { Posting = PostingPolicy.Members },
    };
}
