using ListServer.Admin;
using ListServer.Admin.Incidents;
using ListServer.Admin.Members;
using ListServer.Admin.People;
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
    }

    private static Task<IResult> ShowAsync(Visit visit) => visit.ShowAsync(new BrowseIncidents(visit.List.Address), incidents => visit.ShowAsync(
        new FindMembers(visit.List.Address, Filter: MemberFilter.Suspended, Limit: SuspendedShown),
        found => Answers.Page<DeliveryPage>(new { Incidents = incidents, Suspended = found })));

    private static async Task<IResult> CloseAsync(string id, Visit visit) =>
        await visit.Desk.RunAsync(new ShowIncident(id), visit.Http.RequestAborted) is Outcome<IncidentDetail>.Done(var detail) && detail.Incident.List == visit.List.Address
            ? await visit.ShowAsync(new CloseIncident(id), (Incident _) => visit.Go(visit.ListPath + "/delivery", visit.Words.Say("Closed. It opens again by itself if it happens again.")))
            : visit.Refuse(Refusal.NotFound, visit.Words.Say("There is no such problem on this list."));
}
