using ListServer.Lists.Membership;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>Somebody may no longer join or post.</summary>
public sealed record BanSaved(Ban Ban) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Ban(Ban.List, Ban.Pattern), Ban);
}

/// <summary>A ban is lifted.</summary>
/// <param name="List">The posting address; empty for one on all lists.</param>
/// <param name="Pattern">What it named.</param>
public sealed record BanRemoved(string List, string Pattern) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.Ban(List, Pattern));
}
