using System.Collections.Immutable;
using ListServer.Lists.Reports;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>A report on DMARC came in: it is noted, and what it says is added to the tallies. One that is there already changes nothing.</summary>
/// <param name="Report">The report.</param>
/// <param name="Sources">What it says; empty for one that is doubted.</param>
public sealed record DmarcReportTaken(ReceivedReport Report, ImmutableArray<SourceCount> Sources) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.Report(Report.Domain, Report.Begin, Report.Id);
        if (Report.IsKnownBy(draft.Find<ReceivedReport>(key)))
        {
            return;
        }

        draft.PutPassing(key, Report);
        var book = draft.Find<SourceBook>(TableKey.SourceBook(Report.Domain)) ?? new SourceBook(0, DateOnly.MinValue);
        foreach (var count in Sources)
        {
            book = Add(draft, book, count);
        }

        draft.PutPassing(TableKey.SourceBook(Report.Domain), book);
        draft.TellReport(Report);
    }

    private SourceBook Add(Draft draft, SourceBook book, SourceCount count)
    {
        var key = TableKey.ReportSource(Report.Domain, count.Source);
        var tally = draft.Find<SourceTally>(key);
        if (tally is null && book.Sources >= SourceTally.MostSources && book.CountedFor < Report.Day)
        {
            // Those that nobody saw for long are forgotten beside the journal: what is left is counted anew, once for each day of reports.
            book = new SourceBook(draft.Keys(TableKey.ReportSources(Report.Domain), SourceTally.MostSources).Count, Report.Day);
        }

        if (tally is null && book.Sources >= SourceTally.MostSources)
        {
            key = TableKey.ReportSource(Report.Domain, "");
            tally = draft.Find<SourceTally>(key) ?? new SourceTally("");
        }
        else if (tally is null)
        {
            book = book with { Sources = book.Sources + 1 };
            tally = new SourceTally(count.Source);
        }

        draft.PutPassing(key, tally.Plus(count, Report.Day));
        return book;
    }
}

/// <summary>A TLS report came in. One that is there already changes nothing.</summary>
/// <param name="Report">The report.</param>
/// <param name="Tallies">What it says of our domain; empty for one that is doubted.</param>
public sealed record TlsReportTaken(ReceivedReport Report, ImmutableArray<TlsTally> Tallies) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.Report(Report.Domain, Report.Begin, Report.Id);
        if (Report.IsKnownBy(draft.Find<ReceivedReport>(key)))
        {
            return;
        }

        draft.Put(key, Report);
        foreach (var tally in Tallies)
        {
            var place = TableKey.ReportedTls(Report.Domain, tally.Day, tally.Kind);
            draft.Put(place, draft.Find<TlsTally>(place)?.Plus(tally) ?? tally);
        }

        draft.TellReport(Report);
    }
}

/// <summary>An operator said of sources whether they send for a domain. Those that are gone are passed over.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Sources">The addresses.</param>
/// <param name="Mark">What was said.</param>
public sealed record SourcesMarked(string Domain, ImmutableArray<string> Sources, SourceMark Mark) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var key in Sources.Select(source => TableKey.ReportSource(Domain, source)))
        {
            if (draft.Find<SourceTally>(key) is { } tally)
            {
                draft.Put(key, tally with { Mark = Mark });
            }
        }
    }
}

/// <summary>How many sources of a domain are told apart.</summary>
/// <param name="Sources">So many, or a few less.</param>
/// <param name="CountedFor">The day of reports for which they were counted last.</param>
internal sealed record SourceBook(int Sources, DateOnly CountedFor);
