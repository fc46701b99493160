using ListServer.Lists.Publishing;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A key is new or has come further.</summary>
public sealed record KeySaved(DomainKey Key) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.DomainKey(Key.Domain, Key.Selector), Key);
}
