using ListServer.Admin;
using ListServer.Admin.Audit;
using ListServer.Admin.Lists;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Api;

/// <summary>A list at the API.</summary>
/// <param name="Address">The posting address.</param>
/// <param name="Members">All subscriptions, those without delivery included.</param>
/// <param name="Held">Posts that wait for a moderator.</param>
/// <param name="Role">What the token's owner is on it; owner for who runs its domain or the server, too.</param>
/// <param name="Settings">Its settings: what the ETag stands for.</param>
public sealed record ApiList(string Address, int Members, int Held, MemberRole Role, MailingList Settings);

/// <summary>A list to make.</summary>
/// <param name="Address">The posting address; its domain must be here.</param>
public sealed record NewApiList(string Address)
{
    /// <summary>The name that people see; null for one made of the address.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Who runs it; null for nobody yet.</summary>
    public string? Owner { get; init; }

    /// <summary>The settings to begin with; what is missing has its default.</summary>
    public ListSettings Settings { get; init; } = new();
}

/// <summary>/lists: lists and their settings.</summary>
internal static class ListsApi
{
    public static void MapListsApi(this IEndpointRouteBuilder routes)
    {
        var api = new ApiRoutes(routes, "Lists");
        api.Get<ItemPage<ApiList>>("/lists", Right.SignedIn, Scope.ListsRead, "The lists that you run or moderate, by address", BrowseAsync, [QueryParameter.Text("search", "Only lists whose address or name holds this."), .. QueryParameter.Page]);
        api.Post<NewApiList, ApiList>("/lists", Right.RunDomain, Scope.ListsWrite, "Makes a list", CreateAsync);
        api.Get<ApiList>("/lists/{list}", Right.Moderate, Scope.ListsRead, "A list with its settings", call => ShowAsync(call, StatusCodes.Status200OK));
        api.Patch<ListSettings, MailingList>("/lists/{list}", Right.Own, Scope.ListsWrite, "Changes settings; what is missing or null stays", (call, settings) => call.ChangeAsync(
            new BrowseLists(call.List.Address), seen => seen[0].List, new ChangeList(call.List.Address, settings), list => Answer.Changeable(list, list)));
        api.Delete("/lists/{list}", Right.Own, Scope.ListsWrite, "Removes a list with its members; its posts' traces stay", call => call.ChangeAsync(
            new BrowseLists(call.List.Address), seen => seen[0].List, new RemoveList(call.List.Address), _ => Answer.Nothing()), needsIfMatch: true);
        api.Get<ItemPage<Audited>>("/lists/{list}/audit", Right.Own, Scope.ListsRead, "Who changed what on a list, the newest first", call => call.RunAsync(
            new BrowseAudit(call.List.Address, call.After, call.Limit + 1), entries => Answer.Json(ItemPage<Audited>.Of(entries, call.Limit, entry => entry.Id))), QueryParameter.Page);
    }

    private static Task<Answer> BrowseAsync(Call call) => call.RunAsync(
        new BrowseOwnLists(call.Visitor.Address, call.Query("search") ?? "", call.Limit + 1, call.After),
        lists =>
        {
            var page = ItemPage<OwnList>.Of(lists, call.Limit, own => own.Summary.List.Address);
            return Answer.Json(new ItemPage<ApiList>([.. page.Items.Where(own => own.Role is not MemberRole.Member && call.Visitor.Grant!.Covers(own.Summary.List.Address)).Select(Of)], page.Next));
        });

    private static Task<Answer> ShowAsync(Call call, int status) => call.RunAsync(
        new BrowseLists(call.List.Address),
        lists => Answer.Changeable(Of(new OwnList(lists[0], call.Visitor.May(Right.Own) ? MemberRole.Owner : MemberRole.Moderator)), lists[0].List, status));

    private static async Task<Answer> CreateAsync(Call call, NewApiList wanted)
    {
        var written = wanted.Address[(wanted.Address.LastIndexOf('@') + 1)..];
        var domain = DomainName.Normalize(written) ?? written;
        if (!call.Visitor.RunsDomain(domain))
        {
            return Answer.Refused(Refusal.NotAllowed, $"{call.Visitor.Address} has not the domain {domain} in care.");
        }

        var create = new CreateList(wanted.Address) { DisplayName = wanted.DisplayName, Owner = wanted.Owner, Settings = wanted.Settings };
        return await call.RunAsync(create, list =>
            Answer.Changeable(new ApiList(list.Address, wanted.Owner is null ? 0 : 1, 0, MemberRole.Owner, list), list, StatusCodes.Status201Created) with { Location = $"{ApiRoutes.Base}/lists/{Uri.EscapeDataString(list.Address)}" });
    }

    private static ApiList Of(OwnList own) => new(own.Summary.List.Address, own.Summary.Members, own.Summary.Held, own.Role, own.Summary.List);
}
