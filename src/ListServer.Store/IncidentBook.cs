using System.Collections.Immutable;
using ListServer.Lists.Bounces;
using ListServer.Store.Tables;

namespace ListServer.Store;

/// <summary>Open incidents in memory: every delivery asks whether it ends one.</summary>
/// <remarks>The commit thread changes it; any thread reads.</remarks>
public sealed class IncidentBook
{
    private ImmutableDictionary<string, Incident> _byKey = ImmutableDictionary<string, Incident>.Empty;
    private ImmutableDictionary<(string List, string Destination), ImmutableArray<Incident>> _byPlace =
        ImmutableDictionary<(string, string), ImmutableArray<Incident>>.Empty;

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<Incident> All => Volatile.Read(ref _byKey).Values;

    /// <summary>Those of a list at a destination.</summary>
    /// <param name="list">The posting address.</param>
    /// <param name="destination">The recipients' domain, in lower case.</param>
    public ImmutableArray<Incident> At(string list, string destination)
    {
        var open = Volatile.Read(ref _byPlace);
        return open.IsEmpty ? [] : open.GetValueOrDefault((list, destination), []);
    }

    internal void Take(Entry entry)
    {
        var before = _byKey.GetValueOrDefault(entry.Key);
        var after = entry.IsGone ? null : entry.Read<Incident>();
        Volatile.Write(ref _byKey, after is { IsOpen: true } ? _byKey.SetItem(entry.Key, after) : _byKey.Remove(entry.Key));
        if ((after ?? before) is { } incident)
        {
            var place = (incident.List, incident.Destination);
            var others = _byPlace.GetValueOrDefault(place, []).RemoveAll(one => one.Id == incident.Id);
            var now = after is { IsOpen: true } ? others.Add(after) : others;
            Volatile.Write(ref _byPlace, now.IsEmpty ? _byPlace.Remove(place) : _byPlace.SetItem(place, now));
        }
    }
}
