using System.Collections.Concurrent;
using System.Collections.Immutable;
using ListServer.Admin.Publishing;
using ListServer.MailAuth.Dns;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Outbound.Tls;

/// <summary>What is known of a domain's MTA-STS.</summary>
/// <param name="Policy">Its policy, in mode testing or enforce; null for none.</param>
/// <param name="Fault">Why a policy that DNS told of could not be had; null when nothing was wrong.</param>
public sealed record StsFinding(StsPolicy? Policy, TlsFault? Fault = null);

/// <summary>The MTA-STS policies of domains (RFC 8461 §5.1): found by DNS, fetched by HTTPS, kept in the store for as long as they say.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class StsPolicies(ListStore store, IDnsResolver dns, StsFetch fetch, TimeProvider time, ILogger<StsPolicies> logger)
{
    /// <summary>How old a policy gets before it is fetched anew, even under the same id.</summary>
    private static readonly TimeSpan RefreshAge = TimeSpan.FromDays(1);

    /// <summary>How often old policies are looked for.</summary>
    private static readonly TimeSpan RefreshPause = TimeSpan.FromHours(1);

    /// <summary>How long a fetch that failed is not tried again (RFC 8461 §3.3: five minutes at the least).</summary>
    private static readonly TimeSpan FailurePause = TimeSpan.FromMinutes(10);

    private const int MostFailures = 10_000;

    private readonly ConcurrentDictionary<string, Lazy<Task<StsFinding>>> _underWay = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, TlsFault Fault)> _failures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The policy of a domain. Who asks while another does waits for the same answer.</summary>
    public async Task<StsFinding> FindAsync(string domain, CancellationToken cancellationToken)
    {
        var finding = _underWay.GetOrAdd(domain, name => new Lazy<Task<StsFinding>>(() => LookAsync(name)));
        return await finding.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What a sender would find at a domain now, and which of its hosts the policy leaves out.</summary>
    public static async Task<StsSeen> LookAsync(StsFetch fetch, string domain, ImmutableArray<string> hosts, CancellationToken cancellationToken)
    {
        var (text, fault) = await fetch.FetchAsync(domain, cancellationToken).ConfigureAwait(false);
        return text is null ? new StsSeen("", [], fault!.Text)
            : StsPolicy.TryParse(text, out var policy, out var error) ? new StsSeen(policy.Mode.ToString().ToLowerInvariant(), [.. hosts.Where(host => !policy.Names(host))], null)
            : new StsSeen("", [], error);
    }

    /// <summary>Fetches policies anew that grow old, so that they do not end unseen while a domain gets no mail.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(RefreshPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var kept in store.StsPolicies().Where(p => IsOld(p) && !cancellationToken.IsCancellationRequested))
            {
                await FindAsync(kept.Domain, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<StsFinding> LookAsync(string domain)
    {
        try
        {
            // Nobody's token: others wait for the same answer. DNS and the fetch have limits of their own.
            return await FindAsync(domain).ConfigureAwait(false);
        }
        finally
        {
            _underWay.TryRemove(domain, out _);
        }
    }

    private async Task<StsFinding> FindAsync(string domain)
    {
        var kept = store.FindStsPolicy(domain);
        var answer = await dns.QueryAsync("_mta-sts." + domain, DnsRecordType.Txt, CancellationToken.None).ConfigureAwait(false);
        var id = StsRecord.FindId(answer.Records.OfType<TxtRecord>().Select(t => t.Text));

        // A record that is gone, or held back, does not end a policy before its time (RFC 8461 §5.1).
        if (id is null || (kept is not null && kept.Id == id && !IsOld(kept)))
        {
            return Read(kept, null);
        }

        if (_failures.TryGetValue(domain, out var failure) && time.GetUtcNow() < failure.Until)
        {
            return Read(kept, failure.Fault);
        }

        var (text, fault) = await fetch.FetchAsync(domain, CancellationToken.None).ConfigureAwait(false);
        if (text is null)
        {
            return Fail(domain, kept, fault!);
        }

        return StsPolicy.TryParse(text, out var policy, out var error)
            ? await KeepAsync(domain, id, text, policy).ConfigureAwait(false)
            : Fail(domain, kept, new TlsFault(TlsFaultKind.StsPolicyInvalid, error));
    }

    /// <summary>What was kept holds until its time is over.</summary>
    private StsFinding Fail(string domain, KeptStsPolicy? kept, TlsFault fault)
    {
        LogFailure(logger, domain, fault);
        if (_failures.Count >= MostFailures)
        {
            _failures.Clear();
        }

        _failures[domain] = (time.GetUtcNow() + FailurePause, fault);
        return Read(kept, fault);
    }

    private async Task<StsFinding> KeepAsync(string domain, string id, string text, StsPolicy policy)
    {
        _failures.TryRemove(domain, out _);
        var now = time.GetUtcNow();
        try
        {
            await store.CommitAsync(new StsPolicySaved(new KeptStsPolicy(domain, id, text, now, now + policy.MaxAge)), CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            LogNotKept(logger, domain, e);
        }

        return new StsFinding(policy.Mode == StsMode.None ? null : policy);
    }

    private bool IsOld(KeptStsPolicy kept) => time.GetUtcNow() >= kept.FetchedAt + RefreshAge;

    private static StsFinding Read(KeptStsPolicy? kept, TlsFault? fault) =>
        kept is not null && StsPolicy.TryParse(kept.Text, out var policy, out _) && policy.Mode != StsMode.None ? new StsFinding(policy, fault) : new StsFinding(null, fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The MTA-STS policy of {Domain} was not to be had: {Fault}")]
    private static partial void LogFailure(ILogger logger, string domain, TlsFault fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "The MTA-STS policy of {Domain} can't be kept")]
    private static partial void LogNotKept(ILogger logger, string domain, Exception failure);
}
