using System.Collections.Immutable;
using System.Text.Json;
using ListServer.Store.Changes;
using ListServer.Store.Files;
using ListServer.Store.Queue;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store;

/// <summary>What is kept in memory beside the table, each made of entries of certain kinds: read at start, then fed with every commit.</summary>
internal sealed class Projections(MergedTable table, TimeProvider time, Damage damage)
{
    // Groups before announcements: one that is over is kept in memory only while something of it is left.
    private static readonly char[] ReadAtStart =
        [
            TableKey.DomainKind, TableKey.ListKind, TableKey.AccountKind, TableKey.SerialKind, TableKey.OpenPostKind, TableKey.GroupStateKind, TableKey.IncidentKind,
            TableKey.AnnouncementKind, TableKey.UnarchivedKind, TableKey.DigestPostKind, TableKey.OctetsKind, TableKey.BanKind, TableKey.WebhookEventKind,
        ];

    private readonly HashSet<string> _unarchived = [];
    private readonly HashSet<string> _undigested = [];
    private volatile ImmutableSortedDictionary<string, OpenPost> _openPosts = ImmutableSortedDictionary.Create<string, OpenPost>(StringComparer.Ordinal);

    public Catalog Catalog { get; } = new();

    public SerialBook Serials { get; } = new();

    public RosterCache Rosters { get; } = new(table, time);

    public OctetsBook Octets { get; } = new(table);

    /// <summary>Posts that wait, to be distributed or for a moderator, the oldest first: a state of all that stays as it is.</summary>
    public ImmutableSortedDictionary<string, OpenPost> OpenPosts => _openPosts;

    public BanBook Bans { get; } = new();

    public IncidentBook Incidents { get; } = new();

    public WebhookBook Webhooks { get; } = new();

    public DeliveryQueue Queue { get; } = new(table, time, damage);

    /// <summary>Reads what the table holds.</summary>
    public void Load()
    {
        foreach (var kind in ReadAtStart)
        {
            foreach (var entry in table.Walk(KeyRange.Of(kind.ToString())))
            {
                TryTake(entry);
            }
        }
    }

    /// <summary>Takes in what a commit wrote.</summary>
    /// <returns>Names of octets in files that nothing needs any more. Those in the table are gone from it.</returns>
    public IReadOnlyCollection<string> Take(IReadOnlyCollection<Entry> entries)
    {
        Serials.Take(entries);
        var freed = new HashSet<string>();
        foreach (var entry in entries)
        {
            Take(entry, freed);
        }

        freed.RemoveWhere(NeedsOctets);
        freed.ExceptWith(Octets.Remove(freed));
        return freed;
    }

    /// <summary>True while a decision, a delivery, the archive or a digest needs the octets of this name. For the commit thread, and at start.</summary>
    public bool NeedsOctets(string id) => _openPosts.ContainsKey(id) || _unarchived.Contains(id) || _undigested.Contains(id) || Queue.Needs(id);

    private void TryTake(Entry entry)
    {
        try
        {
            Serials.Take([entry]);
            Take(entry, []);
        }
        catch (JsonException)
        {
            damage.SetAside("entry-" + entry.Key, entry.Value, $"The database entry {entry.Key} can't be understood");
        }
    }

    private void Take(Entry entry, HashSet<string> freed)
    {
        switch (entry.Key[0])
        {
            case TableKey.DomainKind or TableKey.ListKind or TableKey.AccountKind:
                Catalog.Take(entry);
                break;
            case TableKey.MemberKind:
                Rosters.Take(entry);
                break;
            case TableKey.BanKind:
                Bans.Take(entry);
                break;
            case TableKey.IncidentKind:
                Incidents.Take(entry);
                break;
            case TableKey.WebhookEventKind:
                Webhooks.Take(entry);
                break;
            case TableKey.GroupStateKind:
                Queue.Take(entry, freed);
                break;
            case TableKey.AnnouncementKind:
                Queue.TakeAnnouncement(entry);
                break;
            case TableKey.OpenPostKind:
                TakeOpenPost(entry, freed);
                break;
            case TableKey.UnarchivedKind:
                TakeWaiting(_unarchived, entry.Key[1..], entry, freed);
                break;
            case TableKey.DigestPostKind:
                TakeWaiting(_undigested, TableKey.PostOfDigest(entry.Key), entry, freed);
                break;
            case TableKey.OctetsKind:
                Octets.Take(entry, freed);
                break;
        }
    }

    private void TakeOpenPost(Entry entry, HashSet<string> freed)
    {
        var id = entry.Key[1..];
        if (!entry.IsGone)
        {
            _openPosts = _openPosts.SetItem(id, entry.Read<OpenPost>());
        }
        else
        {
            _openPosts = _openPosts.Remove(id);
            freed.Add(id);
        }
    }

    private static void TakeWaiting(HashSet<string> waiting, string id, Entry entry, HashSet<string> freed)
    {
        if (!entry.IsGone)
        {
            waiting.Add(id);
        }
        else
        {
            waiting.Remove(id);
            freed.Add(id);
        }
    }
}
