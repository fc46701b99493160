using ListServer.Lists.Bounces;
using ListServer.Lists.Jobs;
using ListServer.Lists.Reports;
using ListServer.Lists.Webhooks;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Store.Tables;

/// <summary>Forgets what has outlived its use: Message-IDs, unanswered questions, old bounce scores, incidents that ended, policies whose time is over, counts of TLS and for reports, what became of reports, reports of others and what they said, what DNS said of domains, sessions, links and tokens of the API that are over, what webhooks were told, old entries of who changed what. Straight in LiteDB: nothing is lost if it happens again.</summary>
internal sealed class Pruning(LiteTable lite, TimeProvider time, TimeSpan messageIdMemory)
{
    private const int PageSize = 1000;
    private const int TlsDays = 10;
    private const int ReceivedDays = 10;
    private const int OutcomeDays = 30;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(6);
    private static readonly TimeSpan FactsMemory = TimeSpan.FromDays(60);
    private static readonly TimeSpan IncidentMemory = TimeSpan.FromDays(90);
    private static readonly TimeSpan AuditMemory = TimeSpan.FromDays(730);
    private static readonly TimeSpan JobMemory = TimeSpan.FromDays(30);
    private static readonly TimeSpan WebhookMemory = TimeSpan.FromDays(30);
    private static readonly TimeSpan TokenMemory = TimeSpan.FromDays(30);

    private DateTimeOffset _next;

    /// <summary>Does its work a few times a day. For the applying thread, while nothing is frozen.</summary>
    public void RemoveOutlived()
    {
        var now = time.GetUtcNow();
        if (now >= _next)
        {
            _next = now + Interval;
            var today = DateOnly.FromDateTime(now.UtcDateTime);
            Remove(TableKey.MessageIds, e => e.Read<RecentPost>().ReceivedAt < now - messageIdMemory);
            Remove(TableKey.Confirmations, e => e.Read<Confirmation>().ExpiresAt < now);
            Remove(TableKey.Sessions, e => e.Read<Session>().ExpiresAt < now);
            Remove(TableKey.ApiTokens, e => e.Read<ApiToken>().ExpiresAt < now - TokenMemory);
            Remove(TableKey.WebhookEventKind.ToString(), e => e.Read<WebhookEvent>() is { NextAttempt: null } told && (told.DeliveredAt ?? told.GivenUpAt) < now - WebhookMemory);
            Remove(TableKey.Jobs, e => e.Read<Job>().StartedAt < now - JobMemory);
            Remove(TableKey.Repeats, e => e.Read<Repeat>().At < now - Repeat.Memory);
            Remove(TableKey.SignInLinks, e => e.Read<SignInLink>().ExpiresAt < now);
            Remove(TableKey.AuditEntries, e => e.Read<AuditEntry>().At < now - AuditMemory);
            Remove(TableKey.AllBounceScores, e => e.Read<BounceScore>().IsStale(now));
            Remove(TableKey.StsPolicies, e => e.Read<KeptStsPolicy>().ExpiresAt < now);
            Remove(TableKey.AllTlsTallies, e => e.Read<TlsTally>().Day < today.AddDays(-TlsDays));
            Remove(TableKey.AllReceivedTallies, e => e.Read<ReceivedTally>().Day < today.AddDays(-ReceivedDays));
            Remove(TableKey.AllReceivedRows, e => e.Read<RowCount>().Day < today.AddDays(-ReceivedDays));
            Remove(TableKey.ReportOutcomes, e => e.Read<ReportOutcome>().Report.Day < today.AddDays(-OutcomeDays));
            Remove(TableKey.AllDomainFacts, e => e.Read<DomainFacts>().AskedAt < now - FactsMemory);
            var oldestReport = today.AddDays(-SourceTally.KeptDays);
            Remove(TableKey.AllReports, e => e.Read<ReceivedReport>().Day < oldestReport);
            Remove(TableKey.AllReportSources, e => e.Read<SourceTally>().LastDay < oldestReport);
            Remove(TableKey.AllReportedTls, e => !TableKey.IsSourceBook(e.Key) && e.Read<TlsTally>().Day < oldestReport);
            Remove(TableKey.IncidentKind.ToString(), e => e.Read<Incident>().ClosedAt < now - IncidentMemory);
        }
    }

    private void Remove(string prefix, Predicate<Entry> isOutlived)
    {
        var range = KeyRange.Of(prefix);
        for (var page = lite.Scan(range, descending: false, PageSize); page.Count > 0; page = lite.Scan(range, descending: false, PageSize))
        {
            lite.Remove(page.Where(e => !e.IsGone && isOutlived(e)).Select(e => e.Key));
            range = range.Behind(page[^1].Key, descending: false);
        }
    }
}
