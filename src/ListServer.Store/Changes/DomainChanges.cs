using System.Collections.Immutable;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>DNS was asked about domains of members and authors.</summary>
public sealed record DomainsAsked(ImmutableArray<DomainFacts> Facts) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var facts in Facts)
        {
            draft.Put(TableKey.DomainFacts(facts.Domain), facts);
        }
    }
}
