using ListServer.Lists.Bounces;
using ListServer.Store.Changes;

namespace ListServer.Admin.Incidents;

/// <summary>Ends an incident by hand. It begins anew with the next refusal of its kind.</summary>
/// <param name="Id">As <see cref="BrowseIncidents"/> tells it.</param>
public sealed record CloseIncident(string Id) : UseCase<Incident>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Incident>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ShowIncident.Find(context, Id) is not { } incident)
        {
            return ShowIncident.Missing(Id);
        }

        if (!incident.IsOpen)
        {
            return RefusedUseCase.Conflict($"The incident {incident.Id} is closed already.");
        }

        await context.CommitAsync(new IncidentsClosed(incident.List, [incident.Id], context.Time.GetUtcNow(), context.Actor), cancellationToken);
        return ShowIncident.Find(context, Id)!;
    }
}
