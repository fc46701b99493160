using System.Collections.Immutable;
using ListServer.Admin;
using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using ListServer.Lists.Membership;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Api;

/// <summary>A member to add: whoever asks for it vouches for the consent.</summary>
/// <param name="Address">The member's address.</param>
public sealed record NewApiMember(string Address)
{
    /// <summary>May be empty.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>What the member may do.</summary>
    public MemberRole Role { get; init; }

    /// <summary>False for a moderator or owner who does not want the posts.</summary>
    public bool IsReceiving { get; init; } = true;

    /// <summary>What was agreed to, in the words that were shown; may be empty.</summary>
    public string Wording { get; init; } = "";
}

/// <summary>What is to change of a member; what is missing or null stays.</summary>
public sealed record MemberChange
{
    /// <summary>How posts come.</summary>
    public DeliveryChoice? Delivery { get; init; }

    /// <summary>The end of a pause; with delivery "paused" only.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>False for who wants no copy of what they wrote themselves.</summary>
    public bool? OwnCopies { get; init; }

    /// <summary>True for who wants no copy of a post that names them in To or Cc.</summary>
    public bool? AvoidsDuplicates { get; init; }

    /// <summary>What the member may do.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>May be empty.</summary>
    public string? DisplayName { get; init; }
}

/// <summary>Where a subscription moves.</summary>
/// <param name="NewAddress">What takes the place of the address.</param>
public sealed record MemberMove(string NewAddress);

/// <summary>Whom to invite: each becomes a member by its own answer.</summary>
/// <param name="Addresses">1,000 at the most.</param>
public sealed record Invitation(ImmutableArray<string> Addresses)
{
    /// <summary>Your own words; may be empty.</summary>
    public string Text { get; init; } = "";
}

/// <summary>A decision about somebody who wants to join.</summary>
/// <param name="IsAccepted">Whether they may.</param>
public sealed record JoinDecision(bool IsAccepted)
{
    /// <summary>Why they may not, in words for them; with a ban, for those who run the list. May be empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether who may not is banned from the list, too; they are not told then.</summary>
    public bool IsBanned { get; init; }

    internal JoinVerdict Verdict => IsAccepted ? JoinVerdict.Accept : IsBanned ? JoinVerdict.Ban : JoinVerdict.Refuse;
}

/// <summary>/lists/{list}/members: who is on a list, and who wants to be.</summary>
internal static class MembersApi
{
    public static void MapMembersApi(this IEndpointRouteBuilder routes)
    {
        var api = new ApiRoutes(routes, "Members");
        api.Get<ItemPage<Member>>("/lists/{list}/members", Right.Own, Scope.MembersRead, "Members, by address", BrowseAsync,
            [QueryParameter.Text("search", "Only members whose address or name holds this."), QueryParameter.Text("filter", "all, staff, suspended or withoutMail."), .. QueryParameter.Page]);
        api.Post<NewApiMember, Member>("/lists/{list}/members", Right.Own, Scope.MembersWrite, "Adds a member", AddAsync);
        api.Get<MemberDetail>("/lists/{list}/members/{address}", Right.Own, Scope.MembersRead, "A member, with what came back lately", call => call.RunAsync(
            Show(call), detail => Answer.Changeable(detail, detail.Member)));
        api.Patch<MemberChange, Member>("/lists/{list}/members/{address}", Right.Own, Scope.MembersWrite, "Changes how a member receives, and what they may do", ChangeAsync);
        api.Delete("/lists/{list}/members/{address}", Right.Own, Scope.MembersWrite, "Takes a member off the list", call => call.ChangeAsync(
            Show(call), seen => seen.Member, new RemoveMember(call.List.Address, call.Route("address")), _ => Answer.Nothing()), needsIfMatch: true);
        api.Post<Member>("/lists/{list}/members/{address}/enable", Right.Own, Scope.MembersWrite, "Lets a suspended member receive again", call => call.RunAsync(
            new EnableMember(call.List.Address, call.Route("address")), member => Answer.Changeable(member, member)));
        api.Post<MemberMove, Member>("/lists/{list}/members/{address}/move", Right.Own, Scope.MembersWrite, "Moves a subscription to another address", (call, move) => call.RunAsync(
            new MoveMember(call.List.Address, call.Route("address"), move.NewAddress), member => Answer.Changeable(member, member) with { Location = PathOf(call, member) }), StatusCodes.Status200OK);
        api.Get<IReadOnlyList<Consent>>("/lists/{list}/members/{address}/consents", Right.Own, Scope.MembersRead, "What an address consented to, though it may have left", call => call.RunAsync(
            new BrowseConsents(call.List.Address, call.Route("address")), consents => Answer.Json(consents)));
        api.Post<Invitation, InviteReport>("/lists/{list}/invitations", Right.Own, Scope.MembersWrite, "Invites addresses", (call, wanted) => call.RunAsync(
            new InviteMembers(call.List.Address, wanted.Addresses, wanted.Text), report => Answer.Json(report)), StatusCodes.Status200OK);
        api.Get<IReadOnlyList<JoinRequest>>("/lists/{list}/join-requests", Right.Moderate, Scope.MembersRead, "Who waits to join", call => call.RunAsync(
            new BrowseJoinRequests(call.List.Address), requests => Answer.Json(requests)));
        api.Post<JoinDecision, JoinRequest>("/lists/{list}/join-requests/{address}/decision", Right.Moderate, Scope.MembersWrite, "Decides about somebody who wants to join", (call, decision) => call.RunAsync(
            new DecideJoin(call.List.Address, call.Route("address"), decision.Verdict, decision.Reason), request => Answer.Json(request)), StatusCodes.Status200OK);
    }

    private static ShowMember Show(Call call) => new(call.List.Address, call.Route("address"));

    private static string PathOf(Call call, Member member) => $"{call.ListPath}/members/{Uri.EscapeDataString(member.Address)}";

    private static async Task<Answer> BrowseAsync(Call call) => call.ReadChoice<MemberFilter>("filter", out var filter) ?? await call.RunAsync(
        new FindMembers(call.List.Address, call.Query("search") ?? "", filter ?? MemberFilter.All, call.After, call.Limit),
        found => Answer.Json(new ItemPage<Member>(found.Members, Cursor.Of(found.After))));

    private static async Task<Answer> AddAsync(Call call, NewApiMember wanted)
    {
        // What is there is changed by PATCH, where one says what one saw.
        if (await call.Visit.Desk.RunAsync(new ShowMember(call.List.Address, wanted.Address), call.Cancelled) is Outcome<MemberDetail>.Done(var present))
        {
            return Answer.Refused(Refusal.Conflict, $"{present.Member.Address} is on {call.List.Address} already.", nameof(wanted.Address));
        }

        var add = new AddMember(call.List.Address, wanted.Address) { DisplayName = wanted.DisplayName, Role = wanted.Role, IsReceiving = wanted.IsReceiving, Wording = wanted.Wording };
        return await call.RunAsync(add, member => Answer.Changeable(member, member, StatusCodes.Status201Created) with { Location = PathOf(call, member) });
    }

    private static Task<Answer> ChangeAsync(Call call, MemberChange wanted) => call.ChangeAsync(
        Show(call),
        seen => seen.Member,
        new SetMember(call.List.Address, call.Route("address"))
        {
            Delivery = wanted.Delivery,
            Until = wanted.Until,
            OwnCopies = wanted.OwnCopies,
            AvoidsDuplicates = wanted.AvoidsDuplicates,
            Role = wanted.Role,
            DisplayName = wanted.DisplayName,
        },
        member => Answer.Changeable(member, member));
}
