using System.Globalization;
using ListServer.Admin;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Me;

/// <summary>/me: the lists that whoever is signed in is on, and how they come.</summary>
internal static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/me", (Visit visit) => ShowAsync(visit, null, null)).Needs(Right.SignedIn);
        routes.MapPost("/me/{mine}", SetAsync).Needs(Right.SignedIn);
        routes.MapPost("/me/{mine}/enable", (string mine, Visit visit) => visit.ShowAsync(
            new EnableMember(mine, visit.Visitor!.Address), _ => visit.Go("/me", visit.Words.Say("Mail comes to you again.")))).Needs(Right.SignedIn);
        routes.MapPost("/me/{mine}/leave", (string mine, Visit visit) => visit.ShowAsync(
            new RemoveMember(mine, visit.Visitor!.Address, $"on the page of their lists, signed in from {visit.Client}"),
            _ => visit.Go("/me", visit.Words.Say("You have left {0}", mine)))).Needs(Right.SignedIn);
    }

    private static async Task<IResult> SetAsync(string mine, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var delivery = Enum.TryParse<DeliveryChoice>(form["delivery"], out var chosen) ? chosen : (DeliveryChoice?)null;
        var until = delivery is DeliveryChoice.Paused && DateOnly.TryParseExact(form["until"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : (DateTimeOffset?)null;
        var wanted = new Preferences(delivery, until, form["own"] == "yes", form["duplicates"] == "yes");
        return await visit.Desk.RunAsync(SetMember.Of(mine, visit.Visitor!.Address, wanted), visit.Http.RequestAborted) switch
        {
            Outcome<Member>.Done => visit.Go("/me", visit.Words.Say("Saved.")),
            Outcome<Member>.Refused(Refusal.Invalid, _) => await ShowAsync(visit, mine, visit.Words.Say("A pause needs the day on which it ends, within a year from now.")),
            Outcome<Member>.Refused(var kind, var message) => visit.Refuse(kind, message),
            _ => Results.Empty,
        };
    }

    private static Task<IResult> ShowAsync(Visit visit, string? list, string? problem) => visit.ShowAsync(
        new BrowseSubscriptions(visit.Visitor!.Address),
        subscriptions => Answers.Page<MePage>(
            new { Subscriptions = subscriptions, WrongList = list, Problem = problem }, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest));
}
