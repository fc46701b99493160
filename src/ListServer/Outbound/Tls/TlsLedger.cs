using System.Net;
using ListServer.Hosting;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Outbound.Tls;

/// <summary>Counts how sessions fared with TLS, by domain and day (RFC 8460), and has the store keep the counts. A crash loses a few seconds of them.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class TlsLedger(ListStore store, TimeProvider time)
{
    private const int MostWords = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly GatheredCounts<(DateOnly, string, TlsPolicyKind), TlsTally> _counts = new()
    {
        KeyOf = tally => (tally.Day, tally.Domain, tally.Kind),
        Plus = (before, tally) => before.Plus(tally),
        Counted = tallies => new TlsCounted(tallies),
    };

    /// <summary>Takes in what was wrong on the way to a domain's hosts.</summary>
    public void Add(Route route)
    {
        foreach (var (kind, host, fault) in route.PolicyDomain is null ? [] : route.Faults)
        {
            _counts.Add(new TlsTally(Today, route.PolicyDomain!, kind) { Failures = 1, Details = [Detail(fault, host, null, null)] });
        }
    }

    /// <summary>Takes in a session, or an attempt at one.</summary>
    public void Add(Route route, Hop hop, OpenResult result)
    {
        var fault = hop.Policy is HostPolicy.Encrypted ? new TlsFault(TlsFaultKind.TlsaInvalid, "no TLSA record can be used") : result.Fault;

        // A host that was not reached says nothing of its TLS.
        if (route.PolicyDomain is null || hop.Tls == TlsMode.None || (!result.IsOpen && fault is null))
        {
            return;
        }

        var tally = hop.Policy switch
        {
            HostPolicy.Dane dane => new TlsTally(Today, route.PolicyDomain, TlsPolicyKind.Tlsa) { Policy = [.. dane.Tlsa.Records.Select(r => $"{r.Usage} {r.Selector} {r.MatchingType} {Convert.ToHexString(r.Association.AsSpan())}")] },
            HostPolicy.Encrypted => new TlsTally(Today, route.PolicyDomain, TlsPolicyKind.Tlsa),
            HostPolicy.Sts sts => new TlsTally(Today, route.PolicyDomain, TlsPolicyKind.Sts) { Policy = sts.Policy.Lines, Hosts = sts.Policy.Patterns },
            _ => new TlsTally(Today, route.PolicyDomain, TlsPolicyKind.NoPolicyFound),
        };
        _counts.Add(fault is null ? tally with { Successes = 1 } : tally with { Failures = 1, Details = [Detail(fault, hop.Name, result.From, hop.EndPoint.Address)] });
    }

    /// <summary>Hands the counts over every few seconds, and at the end.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _counts.RunAsync(store, Pause, time, cancellationToken);

    /// <summary>Hands the counts over. Where the disk takes nothing they wait for the next time.</summary>
    public Task FlushAsync() => _counts.FlushAsync(store);

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static TlsFailureTally Detail(TlsFault fault, string host, IPAddress? from, IPAddress? to) =>
        new(TlsFault.Word(fault.Kind), host, from?.ToString(), to?.ToString(), fault.Text.Length > MostWords ? fault.Text[..MostWords] : fault.Text, 1);
}
