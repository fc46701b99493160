using ListServer.Admin.Lists;
using ListServer.Lists.Bounces;

namespace ListServer.Admin.Incidents;

/// <summary>What providers refuse, and not for a member's fault (AUTH-59).</summary>
/// <param name="List">Of one list, by its posting address, or null for all.</param>
/// <param name="IsAll">True for those that ended lately too.</param>
public sealed record BrowseIncidents(string? List, bool IsAll = false) : Query<IReadOnlyList<Incident>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Incident>> Look(AdminContext context)
    {
        if (List is not null && context.Store.FindList(List) is null)
        {
            return MissingList.Refuse(List);
        }

        return Outcome.Done<IReadOnlyList<Incident>>([.. context.Store.Incidents(List).Where(incident => IsAll || incident.IsOpen)]);
    }
}
