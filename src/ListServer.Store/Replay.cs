using System.Globalization;
using System.Text.Json;
using ListServer.Store.Changes;
using ListServer.Store.Journal;
using ListServer.Store.Tables;

namespace ListServer.Store;

/// <summary>Brings the tables from where LiteDB ends to where the journal ends.</summary>
internal static class Replay
{
    private const int MaxPending = 20_000;

    /// <summary>Replays the journal and opens its end for more.</summary>
    /// <exception cref="StoreDamagedException">Records behind LiteDB's are missing at the journal's beginning, or can't be understood.</exception>
    public static JournalFile Into(MergedTable table, LiteTable lite, string folder, IDisk disk, Damage damage, long segmentOctets)
    {
        var reader = new JournalReader(folder, damage);
        foreach (var record in reader.ReadBehind(lite.Sequence))
        {
            Apply(record, table, damage);
            if (table.PendingCount > MaxPending)
            {
                var (entries, sequence) = table.Freeze();
                lite.Apply(entries, sequence);
                table.Thaw();
            }
        }

        return JournalFile.Open(folder, disk, reader.GoodLength, segmentOctets);
    }

    private static void Apply(JournalRecord record, MergedTable table, Damage damage)
    {
        var draft = Draft.Of(table).Begin(record.Sequence);
        try
        {
            foreach (var change in StoreJson.Read<Change[]>(record.Payload.Span))
            {
                change.ApplyTo(draft);
            }
        }
        catch (JsonException unknown)
        {
            throw new StoreDamagedException(string.Create(
                CultureInfo.InvariantCulture,
                $"Journal record {record.Sequence} can't be understood. Was it written by a newer version?"), unknown);
        }
        catch (InvalidOperationException contradiction)
        {
            damage.Report(string.Create(CultureInfo.InvariantCulture, $"Journal record {record.Sequence} contradicts those before it: {contradiction.Message}"));
            return;
        }

        table.Add(draft.Entries, record.Sequence);
    }
}
