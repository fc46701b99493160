using System.Collections.Immutable;
using ListServer.Admin.Reports;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Reports;
using ListServer.MailAuth;
using ListServer.Smtp;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Reports;

/// <summary>
/// Takes aggregate and TLS reports that come by mail (AUTH-20). What DMARC does not vouch for is kept, marked and not counted; failure reports, which
/// hold other people's mail, are refused.
/// </summary>
internal sealed partial class ReportDesk(ListStore store, OperatorTrust trust, TimeProvider time, ILogger<ReportDesk> log) : IDisposable
{
    /// <summary>Reports for one domain and day: there are a few thousand receivers that report at all.</summary>
    private const int MostInADay = 5_000;

    // One at a time: each may take tens of megabytes while it is read.
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, int> _today = [];
    private DateOnly _day;

    /// <summary>Takes what the mail carries, durably, and answers in the session.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public async Task<SmtpReply> HandleAsync(string domain, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        if (AuthorAddress.Of(verified.Report) is not { } author)
        {
            return new SmtpReply(550, "5.6.0", "A report has one author");
        }

        // RFC 9991: a failure report holds the header, or all, of somebody's mail.
        if (FeedbackReader.Read(message) is not null)
        {
            return new SmtpReply(550, "5.7.1", "Failure reports are not taken here, as they hold other people's mail; aggregate reports are");
        }

        var standing = AuthorStanding.Of(verified.Report, verified.Envelope, trust);
        if (standing.State is AuthorState.DnsError)
        {
            return new SmtpReply(451, "4.7.1", standing.Why);
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            return await TakeAsync(domain, message, author, standing.State is AuthorState.Verified ? null : standing.Why, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<SmtpReply> TakeAsync(string domain, RawMessage message, string author, string? doubt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (IsTooMuch(domain, DateOnly.FromDateTime(now.UtcDateTime)))
        {
            return new SmtpReply(452, "4.5.3", "Too many reports today, try again tomorrow");
        }

        var documents = ReportDocuments.InMail(message);
        if (documents.IsEmpty)
        {
            return new SmtpReply(550, "5.6.0", "There is no report in this message; only reports are read here");
        }

        var intake = new ReportIntake(store, now, author, ByMail: true, doubt);
        var answers = new List<ReportAnswer>();
        var changes = new List<Change>();
        foreach (var document in documents)
        {
            answers.Add(intake.Decide(document, out var change));
            changes.AddRange(change is null ? [] : [change]);
        }

        if (changes.Count > 0)
        {
            await store.CommitAsync([.. changes], cancellationToken);
        }

        foreach (var answer in answers)
        {
            LogReport(log, author, answer.Report?.Domain ?? domain, answer.Fate, answer.Words);
        }

        return answers.Find(answer => answer.Fate is not ReportFate.Refused) is { } taken
            ? SmtpReply.Ok(taken.Fate is ReportFate.Known ? "Known already" : "Taken")
            : new SmtpReply(550, "5.6.0", answers[0].Words);
    }

    private bool IsTooMuch(string domain, DateOnly today)
    {
        if (_day != today)
        {
            _day = today;
            _today.Clear();
        }

        return (_today[domain] = _today.GetValueOrDefault(domain) + 1) > MostInADay;
    }

    [LoggerMessage(1, LogLevel.Information, "Report from {Author} about {Domain}: {Fate} {Words}")]
    private static partial void LogReport(ILogger logger, string author, string domain, ReportFate fate, string words);
}
