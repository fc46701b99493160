using ListServer.Admin.Shares;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Survey;

/// <summary>
/// Asks DNS how far members' domains are with SPF, DKIM and DMARC (普及状況): one domain a second at the most, each once a week, those with the most members
/// first. Pages and commands show what is kept, and never ask.
/// </summary>
internal sealed partial class DomainSurvey(ListStore store, IDnsResolver resolver, TimeProvider time, ILogger<DomainSurvey> log)
{
    private const int MostKeptAtOnce = 20;
    private static readonly TimeSpan Period = TimeSpan.FromDays(7);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromDays(1);
    private static readonly TimeSpan Round = TimeSpan.FromHours(6);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly DmarcEvaluator _dmarc = new(resolver);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await GoAroundAsync(cancellationToken);
            }
            catch (IOException problem)
            {
                // The disk takes nothing now: what was found out is asked again.
                LogLost(log, problem.Message);
            }

            await Task.Delay(Round, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task GoAroundAsync(CancellationToken cancellationToken)
    {
        var found = new List<DomainFacts>();
        foreach (var domain in Due())
        {
            found.Add(await AskAsync(domain, cancellationToken));
            if (found.Count == MostKeptAtOnce)
            {
                await KeepAsync(found, cancellationToken);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        await KeepAsync(found, cancellationToken);
    }

    private List<string> Due()
    {
        var now = time.GetUtcNow();
        return
        [
            .. store.Lists.SelectMany(list => store.Receivers(list.Address).Destinations.OrderByDescending(destination => destination.Addresses.Length).Take(ShowShares.MostDomains))
                .Select(destination => destination.Domain).Distinct(StringComparer.Ordinal)
                .Where(domain => store.FindDomainFacts(domain) is not { } facts || facts.AskedAt + (facts.Failure is null ? Period : AfterFailure) < now),
        ];
    }

    private async Task KeepAsync(List<DomainFacts> found, CancellationToken cancellationToken)
    {
        if (found.Count > 0)
        {
            await store.CommitAsync(new DomainsAsked([.. found]), cancellationToken);
            found.Clear();
        }
    }

    private async Task<DomainFacts> AskAsync(string domain, CancellationToken cancellationToken)
    {
        var unknown = new DomainFacts(domain, time.GetUtcNow(), false, false, false, DmarcPolicy.None);
        if (DomainName.Normalize(domain) is null)
        {
            return unknown with { Failure = "no domain name" };
        }

        var spf = await resolver.QueryAsync(domain, DnsRecordType.Txt, cancellationToken);
        var keys = await resolver.QueryAsync("_domainkey." + domain, DnsRecordType.Txt, cancellationToken);
        var dmarc = await _dmarc.EvaluateAsync(
            new AuthorResult("postmaster@" + domain, domain, null, null), new SpfResult(SpfVerdict.None, "", ""), [], cancellationToken);
        if (spf.Status is DnsStatus.Failure || keys.Status is DnsStatus.Failure || dmarc.Verdict is DmarcVerdict.TempError)
        {
            return unknown with { Failure = "DNS did not answer" };
        }

        return unknown with
        {
            HasSpf = spf.Records.OfType<TxtRecord>().Count(IsSpf) == 1,

            // RFC 8020 §2: a name with others below it exists, though it has no records itself.
            HasDkimKeys = keys.Status is not DnsStatus.NxDomain,
            HasDmarc = dmarc.RecordDomain is not null,
            Policy = dmarc.Policy ?? DmarcPolicy.None,
        };
    }

    // RFC 7208 §4.5: the version, and a blank or the end behind it.
    private static bool IsSpf(TxtRecord record) =>
        record.Text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase) || record.Text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(1, LogLevel.Warning, "What DNS said of members' domains could not be kept: {Problem}")]
    private static partial void LogLost(ILogger logger, string problem);
}
