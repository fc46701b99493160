using System.Collections.Immutable;
using ListServer.Lists.Bounces;
using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>Copies were refused for no member's fault: an incident begins, or goes on. A list that is gone has none.</summary>
/// <param name="Refusals">What happened, as an incident that begins with it.</param>
public sealed record IncidentCounted(Incident Refusals) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.Incident(Refusals.List, Refusals.Id);
        if (draft.Find(TableKey.List(Refusals.List)) is not null)
        {
            var before = draft.Find<Incident>(key);
            draft.Put(key, Incident.After(before, Refusals));
            if (before is not { IsOpen: true })
            {
                draft.Tell(WebhookKinds.DeliveryIncident, Refusals.List, Refusals.FirstAt, () => new { Refusals.Id, Refusals.Destination, Refusals.Cause, Refusals.AuthorDomain, Refusals.Words });
            }
        }
    }
}

/// <summary>Incidents ended. Those that are closed or gone are passed over.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Ids">The incidents.</param>
/// <param name="At">When.</param>
/// <param name="By">Who or what ended them.</param>
public sealed record IncidentsClosed(string List, ImmutableArray<string> Ids, DateTimeOffset At, string By) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var key in Ids.Select(id => TableKey.Incident(List, id)))
        {
            if (draft.Find<Incident>(key) is { IsOpen: true } open)
            {
                draft.Put(key, open with { ClosedAt = At, ClosedBy = By });
            }
        }
    }
}

/// <summary>The owners of a list were told what happened to it.</summary>
/// <param name="List">The posting address.</param>
/// <param name="At">When.</param>
/// <param name="Incidents">The incidents that the mail named.</param>
/// <param name="Members">What it told of members.</param>
public sealed record OwnersTold(string List, DateTimeOffset At, ImmutableArray<string> Incidents, ImmutableArray<MemberNews> Members) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        draft.Put(TableKey.OwnersTold(List), new LastNews(At));
        foreach (var key in Incidents.Select(id => TableKey.Incident(List, id)))
        {
            if (draft.Find<Incident>(key) is { } incident)
            {
                draft.Put(key, incident with { ToldAt = At });
            }
        }

        foreach (var news in Members)
        {
            var key = TableKey.MemberNews(List, news.Address, news.Event);
            if (draft.Find<MemberNews>(key) is { } kept && kept.At <= news.At)
            {
                draft.Remove(key);
            }
        }
    }
}

/// <summary>When owners were last told.</summary>
internal sealed record LastNews(DateTimeOffset At);
