using System.Collections.Immutable;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>Messages were counted for reports; beyond the number of rows that a day may have they are only counted as lost.</summary>
public sealed record ReceivedCounted(ImmutableArray<ReceivedTally> Tallies) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var tally in Tallies)
        {
            var key = TableKey.ReceivedTally(tally);
            if (draft.Find<ReceivedTally>(key) is { } before)
            {
                draft.Put(key, before with { Count = before.Count + tally.Count });
            }
            else if (HasRoom(draft, tally))
            {
                draft.Put(key, tally);
            }
        }
    }

    private static bool HasRoom(Draft draft, ReceivedTally tally)
    {
        var (ofDay, ofDomain) = (TableKey.ReceivedRows(tally.Receiver, tally.Day), TableKey.ReceivedRows(tally.Receiver, tally.Day, tally.PolicyDomain));
        var (day, domain) = (draft.Find<RowCount>(ofDay) ?? new(tally.Day, 0, 0), draft.Find<RowCount>(ofDomain) ?? new(tally.Day, 0, 0));
        var hasRoom = day.Rows < ReceivedTally.MostRows && domain.Rows < ReceivedTally.MostRowsOfDomain;
        draft.Put(ofDay, hasRoom ? day with { Rows = day.Rows + 1 } : day with { Dropped = day.Dropped + tally.Count });

        // A domain of which nothing is kept gets no record either: there may be any number of them.
        if (hasRoom || domain.Rows > 0)
        {
            draft.Put(ofDomain, hasRoom ? domain with { Rows = domain.Rows + 1 } : domain with { Dropped = domain.Dropped + tally.Count });
        }

        return hasRoom;
    }
}

/// <summary>A report was sent, or will never be: its counts are gone.</summary>
/// <exception cref="ReportGoneException">There are no such counts: it was settled before.</exception>
public sealed record ReportSettled(ReportOutcome Outcome) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var (day, receiver, domain) = Outcome.Report;
        var rows = draft.Keys(TableKey.ReceivedTallies(receiver, day, domain), int.MaxValue);
        if (rows.Count == 0)
        {
            throw new ReportGoneException(day, domain);
        }

        rows.ForEach(draft.Remove);
        draft.Remove(TableKey.ReceivedRows(receiver, day, domain));
        draft.Put(TableKey.ReportOutcome(Outcome.Report), Outcome);
    }
}
