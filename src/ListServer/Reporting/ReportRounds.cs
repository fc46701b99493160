using System.Collections.Immutable;
using ListServer.Admin.SentReports;
using ListServer.Correspondence;
using ListServer.Distribution;
using ListServer.Lists.Consents;
using ListServer.Lists.Membership;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Reports;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Reporting;

/// <summary>
/// Sends yesterday's reports, once the day is over everywhere in the flow, and settles what will never be sent. A report is queued and its counts removed in
/// one commit, so that it goes once, whatever crashes.
/// </summary>
internal sealed partial class ReportRounds(
    ListStore store, ReceivedLedger ledger, ReportDestinationFinder finder, SigningKeys keys, OutgoingMail outgoing, TimeProvider time, ILogger<ReportRounds> log) : IDisposable
{
    // The last messages of a day are judged, and their counts handed over, by then.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(30);
    private const int DaysTried = 3;

    // One round at a time: who asks for one by hand finds what the other left.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await SendDueAsync(cancellationToken);
            }
            catch (IOException problem)
            {
                // The disk is full or broken: the counts stand, and wait.
                LogFailed(log, problem);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What a report would say if it were sent now, and to whom; nothing is sent or changed.</summary>
    public async Task<ReportPreview> PreviewAsync(DueReport due, CancellationToken cancellationToken)
    {
        await ledger.FlushAsync();
        var tallies = store.ReceivedTallies(due);
        var (destinations, problem) = await FindAsync(due, cancellationToken);
        var xml = destinations.Record is { } record && tallies.Count > 0 ? AggregateReportWriter.Write(ReportDraft.Make(due, record, tallies)) : null;
        return new ReportPreview(
            due, destinations.Addresses, problem ?? string.Join("; ", destinations.Ignored), tallies.Count, tallies.Sum(tally => tally.Count), store.UncountedMessages(due),
            xml is null ? "" : System.Text.Encoding.UTF8.GetString(xml));
    }

    /// <summary>Sends all reports of days that are over.</summary>
    /// <param name="cancellationToken">Heeded between two reports.</param>
    /// <exception cref="IOException">The disk is full or broken; what was not sent waits.</exception>
    public async Task<ImmutableArray<ReportOutcome>> SendDueAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await ledger.FlushAsync();
            var today = DateOnly.FromDateTime((time.GetUtcNow() - Grace).UtcDateTime);
            var outcomes = ImmutableArray.CreateBuilder<ReportOutcome>();
            foreach (var due in store.DueReports().Where(due => due.Day < today).ToList())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await SettleAsync(due, cancellationToken) is { } outcome)
                {
                    LogSettled(log, due.PolicyDomain, due.Receiver, outcome.Recipients.Length, outcome.Note);
                    outcomes.Add(outcome);
                }
            }

            return outcomes.ToImmutable();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<ReportOutcome?> SettleAsync(DueReport due, CancellationToken cancellationToken)
    {
        try
        {
            return await TrySettleAsync(due, cancellationToken);
        }
        catch (ReportGoneException)
        {
            // Its counts went while DNS was asked: the consent was withdrawn. Nothing was queued.
            return null;
        }
    }

    // Null when it has to wait.
    private async Task<ReportOutcome?> TrySettleAsync(DueReport due, CancellationToken cancellationToken)
    {
        var tallies = store.ReceivedTallies(due);
        var outcome = new ReportOutcome(due, time.GetUtcNow(), [], tallies.Count, tallies.Sum(tally => tally.Count), "", null);
        var (destinations, problem) = await FindAsync(due, cancellationToken);
        if (problem is null && destinations.Failure is null && keys.Find(due.Receiver, out _) is { } identity)
        {
            return await SendAsync(outcome with { Recipients = destinations.Addresses, Note = string.Join("; ", destinations.Ignored) }, ReportDraft.Make(due, destinations.Record!, tallies), identity, cancellationToken);
        }

        if (problem is null && DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber - due.Day.DayNumber < DaysTried)
        {
            return null;
        }

        var lost = outcome with { Note = problem ?? destinations.Failure ?? "there was no key to sign it with" };
        await store.CommitAsync(new ReportSettled(lost), cancellationToken);
        return lost;
    }

    private async Task<ReportOutcome> SendAsync(ReportOutcome outcome, AggregateReport report, SigningIdentity identity, CancellationToken cancellationToken)
    {
        var octets = new ReportMail(outcome.Report, report, outcome.Recipients, time.GetUtcNow()).ToOctets();
        var signed = OutgoingMail.Sign(octets, identity, time);
        await outgoing.QueueAsync(
            signed, report.Metadata.Email, "", outcome.Recipients, id => [new ReportSettled(outcome = outcome with { MailId = id })], cancellationToken);
        return outcome;
    }

    /// <summary>Where it goes, and why nowhere for good.</summary>
    private async Task<(ReportDestinations Destinations, string? Problem)> FindAsync(DueReport due, CancellationToken cancellationToken)
    {
        if (!store.HasDmarcConsent(due.Receiver, ConsentPurpose.Reporting))
        {
            return (new ReportDestinations(null, [], [], null), $"{due.Receiver} has not agreed to send reports");
        }

        if (IsOurs(due.PolicyDomain))
        {
            return (new ReportDestinations(null, [], [], null), $"{due.PolicyDomain} is a domain of this server");
        }

        // Reports to a domain of ours would be mail to ourselves, of which the next report would tell.
        var found = await finder.FindAsync(due.PolicyDomain, cancellationToken);
        var ours = found.Addresses.Where(address => IsOurs(MemberAddress.DomainOf(address))).ToList();
        found = found with { Addresses = found.Addresses.RemoveRange(ours), Ignored = [.. found.Ignored, .. ours.Select(address => $"{address}: a domain of this server")] };
        return (found, found switch
        {
            { Failure: not null } or { Addresses.IsEmpty: false } => null,
            { Record: null } => $"{due.PolicyDomain} has no valid DMARC record any more",
            { Ignored.IsEmpty: true } => $"{due.PolicyDomain} asks for no reports",
            _ => string.Join("; ", found.Ignored),
        });
    }

    private bool IsOurs(string domain) => store.FindDomain(domain) is not null;

    [LoggerMessage(1, LogLevel.Information, "The report about {Domain} from {Receiver} goes to {Recipients} addresses {Note}")]
    private static partial void LogSettled(ILogger logger, string domain, string receiver, int recipients, string note);

    [LoggerMessage(2, LogLevel.Error, "Reports could not be sent; they are tried again")]
    private static partial void LogFailed(ILogger logger, Exception problem);
}
