using ListServer.Admin;
using ListServer.Admin.Incidents;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Admin.Strict;
using ListServer.Lists.Bounces;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Refusal = ListServer.Admin.Refusal;

namespace ListServer.Web.Delivery;

/// <summary>/lists/{list}/delivery: what providers refuse, and what can be done.</summary>
internal static class DeliveryEndpoints
{
    private const int SuspendedShown = 100;

    public static void MapDelivery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists/{list}/delivery", ShowAsync).Needs(Right.Own);
        routes.MapPost("/lists/{list}/delivery/{id}/close", CloseAsync).Needs(Right.Own);
        routes.MapPost("/lists/{list}/delivery/strict", StrictAsync).Needs(Right.Own);
    }

    private static Task<IResult> ShowAsync(Visit visit) => visit.ShowAsync(new BrowseIncidents(visit.List.Address), incidents => visit.ShowAsync(
        new FindMembers(visit.List.Address, Filter: MemberFilter.Suspended, Limit: SuspendedShown),
        found => visit.ShowAsync(new BrowseStrictDomains(visit.List.Address), strict => Answers.Page<DeliveryPage>(new { Incidents = incidents, Suspended = found, Strict = strict }))));

    private static async Task<IResult> StrictAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var domain = form["domain"].ToString();
        return form["act"] == "remove"
            ? await visit.ShowAsync(new DropStrictDomain(visit.List.Address, domain), (StrictDomainsView _) => visit.Go(visit.ListPath + "/delivery", visit.Words.Say("{0} is taken for what it publishes again.", domain)))
            : await visit.ShowAsync(new AcceptStrictDomain(visit.List.Address, domain), (StrictDomainsView _) => visit.Go(visit.ListPath + "/delivery", visit.Words.Say("Posts from {0} leave under the list’s name from now on.", domain)));
    }

    private static async Task<IResult> CloseAsync(string id, Visit visit) =>
        await visit.Desk.RunAsync(new ShowIncident(id), visit.Http.RequestAborted) is Outcome<IncidentDetail>.Done(var detail) && detail.Incident.List == visit.List.Address
            ? await visit.ShowAsync(new CloseIncident(id), (Incident _) => visit.Go(visit.ListPath + "/delivery", visit.Words.Say("Closed. It opens again by itself if it happens again.")))
            : visit.Refuse(Refusal.NotFound, visit.Words.Say("There is no such problem on this list."));
}
