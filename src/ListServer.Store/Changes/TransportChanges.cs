using System.Collections.Immutable;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A domain's MTA-STS policy was fetched.</summary>
public sealed record StsPolicySaved(KeptStsPolicy Policy) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.StsPolicy(Policy.Domain), Policy);
}

/// <summary>Sessions were counted: each tally is added to what stands there of its day, domain and kind.</summary>
public sealed record TlsCounted(ImmutableArray<TlsTally> Tallies) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var tally in Tallies)
        {
            var key = TableKey.TlsTally(tally.Day, tally.Domain, tally.Kind);
            draft.Put(key, draft.Find<TlsTally>(key)?.Plus(tally) ?? tally);
        }
    }
}
