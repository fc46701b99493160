using ListServer.Lists.Bounces;

namespace ListServer.Admin.Incidents;

/// <summary>An incident, and what to do.</summary>
/// <param name="Incident">What happens.</param>
/// <param name="Advice">What an owner can do, in the list's language; lines separated by LF.</param>
public sealed record IncidentDetail(Incident Incident, string Advice);

/// <summary>One incident.</summary>
/// <param name="Id">As <see cref="BrowseIncidents"/> tells it.</param>
public sealed record ShowIncident(string Id) : Query<IncidentDetail>
{
    /// <inheritdoc/>
    protected override Outcome<IncidentDetail> Look(AdminContext context) =>
        Find(context, Id) is { } incident
            ? new IncidentDetail(incident, IncidentAdvice.Of(incident, context.Store.FindList(incident.List)?.Language ?? "en"))
            : Missing(Id);

    internal static Incident? Find(AdminContext context, string id) =>
        context.Store.Incidents(null).FirstOrDefault(incident => incident.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    internal static RefusedUseCase Missing(string id) => RefusedUseCase.NotFound($"There is no incident {id}. 'listserver incident list --all' names them.");
}
