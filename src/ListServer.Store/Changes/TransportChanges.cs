using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A domain's MTA-STS policy was fetched.</summary>
public sealed record StsPolicySaved(KeptStsPolicy Policy) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.StsPolicy(Policy.Domain), Policy);
}
