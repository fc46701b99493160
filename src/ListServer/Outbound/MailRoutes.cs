using System.Collections.Immutable;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ListServer.MailAuth.Dns;
using ListServer.Outbound.Tls;
using ListServer.Store;

namespace ListServer.Outbound;

/// <summary>Where mail for a domain goes: the hosts to try, in order, or why there are none.</summary>
/// <param name="Hops">The hosts; empty when <paramref name="Failure"/> is given.</param>
/// <param name="Failure">Refused when trying again can't help; else deferred.</param>
public sealed record Route(ImmutableArray<Hop> Hops, Outcome? Failure = null)
{
    /// <summary>The domain whose side says how its hosts prove themselves; null where the operator named the host.</summary>
    public string? PolicyDomain { get; init; }

    /// <summary>What was wrong with that on the way.</summary>
    public ImmutableArray<RouteFault> Faults { get; init; } = [];
}

/// <summary>A policy that could not be had, or a host that one keeps out.</summary>
/// <param name="Kind">The kind of policy.</param>
/// <param name="Host">The MX host; empty when it is about the whole domain.</param>
/// <param name="Fault">What was wrong.</param>
public sealed record RouteFault(TlsPolicyKind Kind, string Host, TlsFault Fault);

/// <summary>Finds the hosts for a domain: an entry of the operator, the smarthost, or the domain's MX (RFC 5321 §5.1).</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class MailRoutes
{
    /// <summary>So many addresses are tried in one attempt (RFC 5321 §5.1: at least two).</summary>
    private const int MaxHops = 5;

    /// <summary>So many addresses of one family of one MX host: a host with many IPv6 addresses leaves room for its IPv4 ones and for the next host.</summary>
    private const int MaxOfFamily = 2;

    /// <summary>So many hosts of an MX set are looked up: more are nobody's need and somebody's attack.</summary>
    private const int MaxExchanges = 10;

    private const int SmtpPort = 25;

    private readonly OutboundOptions _options;
    private readonly IDnsResolver _dns;
    private readonly DaneLookup _dane;
    private readonly Func<string, CancellationToken, Task<StsFinding>> _findSts;
    private readonly Func<IPAddress, bool> _isOurs;
    private readonly HostAndPort? _smarthost;
    private readonly Dictionary<string, HostAndPort> _routes;
    private readonly SubmissionCredential? _credential;

    /// <summary>Routes as the options say.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="dns">Answers for MX and address records.</param>
    /// <param name="isOurs">
    /// True for an address at which we take mail ourselves. Null: every address of this machine, as long as copies leave to port 25.
    /// </param>
    /// <param name="findSts">Tells the MTA-STS policy of a domain; null when nobody knows one.</param>
    public MailRoutes(OutboundOptions options, IDnsResolver dns, Func<IPAddress, bool>? isOurs = null, Func<string, CancellationToken, Task<StsFinding>>? findSts = null)
    {
        _findSts = findSts ?? ((_, _) => Task.FromResult(new StsFinding(null)));
        _options = options;
        _dns = dns;
        _dane = new DaneLookup(options, dns);
        _isOurs = isOurs ?? (options.Port == SmtpPort ? IsOfThisMachine : _ => false);
        _smarthost = options.Smarthost is { } host ? Parse(host) : null;
        _routes = options.Routes.ToDictionary(r => r.Key, r => Parse(r.Value), StringComparer.OrdinalIgnoreCase);
        _credential = options is { SmarthostUser: { } user, SmarthostPassword: { } password } ? new SubmissionCredential(user, password) : null;
    }

    /// <summary>
    /// What mail for a domain shares connections and limits with: the smarthost's name, or the domain itself.
    /// </summary>
    public string LaneOf(string domain) =>
        _routes.TryGetValue(domain, out var route) ? route.Text : _smarthost?.Text ?? domain;

    /// <summary>Finds the hosts to try.</summary>
    /// <param name="domain">A domain in A-labels, or an address literal.</param>
    /// <param name="cancellationToken">Ends the look-ups.</param>
    public async Task<Route> FindAsync(string domain, CancellationToken cancellationToken)
    {
        if (_routes.TryGetValue(domain, out var route))
        {
            return await NamedAsync(route, _options.Tls, null, cancellationToken).ConfigureAwait(false);
        }

        if (_smarthost is { } smarthost)
        {
            return await NamedAsync(smarthost, _options.SmarthostTls, _credential, cancellationToken).ConfigureAwait(false);
        }

        return domain.StartsWith('[') ? Literal(domain) : await DirectAsync(domain, cancellationToken).ConfigureAwait(false);
    }

    private HostAndPort Parse(string text) =>
        HostAndPort.TryParse(text, _options.Port, out var host) ? host : throw new ArgumentException($"\"{text}\" is not host or host:port.", nameof(text));

    /// <summary>A host that the operator named is looked up as every program of the machine does it: /etc/hosts first.</summary>
    private static async Task<Route> NamedAsync(HostAndPort host, TlsMode tls, SubmissionCredential? credential, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await System.Net.Dns.GetHostAddressesAsync(host.Host, cancellationToken).ConfigureAwait(false);
            return new Route([.. addresses.Take(MaxHops).Select(a => new Hop(host.Host, new IPEndPoint(a, host.Port), tls, credential))]);
        }
        catch (SocketException e)
        {
            return Failed(451, "4.4.3", $"the host {host.Host} was not found: {e.Message}");
        }
    }

    /// <summary>RFC 5321 §4.1.3.</summary>
    private Route Literal(string domain)
    {
        var text = domain.Trim('[', ']');
        text = text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? text[5..] : text;
        return !IPAddress.TryParse(text, out var address) ? Failed(554, "5.1.2", $"{domain} is no address literal")
            : _isOurs(address) ? Loop(domain)
            : new Route([.. Hops(text, [address])]);
    }

    private async Task<Route> DirectAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await _dns.QueryAsync(domain, DnsRecordType.MX, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            DnsStatus.Failure => Failed(451, "4.4.3", $"DNS gave no answer for the MX of {domain}: {answer.Reason ?? "no reason given"}"),
            DnsStatus.NxDomain => Failed(550, "5.1.2", $"the domain {domain} does not exist"),

            // No MX at all: the domain is its own exchange (RFC 5321 §5.1).
            DnsStatus.NoData => await ResolveAsync(domain, [new MXRecord(0, domain)], answer.IsAuthenticated, cancellationToken).ConfigureAwait(false),
            _ => await ExchangesAsync(domain, [.. answer.Records.OfType<MXRecord>()], answer.IsAuthenticated, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<Route> ExchangesAsync(string domain, MXRecord[] exchanges, bool isSecure, CancellationToken cancellationToken)
    {
        if (exchanges is [{ Exchange: "" or "." }])
        {
            // RFC 7505 §4.1.
            return Failed(556, "5.1.10", $"the domain {domain} takes no mail: its MX is null");
        }

        // Equal preferences in random order spread the load (RFC 5321 §5.1).
        var inOrder = exchanges.Where(e => e.Exchange is not ("" or ".")).ToArray();
        Random.Shared.Shuffle(inOrder);
        return await ResolveAsync(domain, [.. inOrder.OrderBy(e => e.Preference).Take(MaxExchanges)], isSecure, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Route> ResolveAsync(string domain, MXRecord[] exchanges, bool isSecure, CancellationToken cancellationToken)
    {
        List<(MXRecord Exchange, FoundHost Host)> hosts = [];
        foreach (var exchange in exchanges)
        {
            hosts.Add((exchange, await AddressesAsync(exchange.Exchange, cancellationToken).ConfigureAwait(false)));
        }

        // What stands level with us or behind us would come back to us (RFC 5321 §5.1).
        var ours = hosts.Where(h => IsThisServer(h.Exchange.Exchange, h.Host.Addresses)).Select(h => h.Exchange.Preference).DefaultIfEmpty(int.MaxValue).Min();
        var fault = hosts.Select(h => h.Host.Fault).FirstOrDefault(f => f is not null);
        var (sts, stsFault) = await FindStsAsync(domain, cancellationToken).ConfigureAwait(false);
        List<Hop> hops = [];
        List<RouteFault> faults = stsFault is null ? [] : [new RouteFault(TlsPolicyKind.Sts, "", stsFault)];
        var isAnyKeptOut = false;
        foreach (var (exchange, host) in hosts.Where(h => h.Exchange.Preference < ours && h.Host.Addresses.Count > 0))
        {
            if (hops.Count < MaxHops)
            {
                var dane = await _dane.FindAsync(domain, new ExchangeHost(exchange.Exchange, host.CanonicalName, isSecure && host.IsSecure), cancellationToken).ConfigureAwait(false);
                var isKeptOut = dane.Policy is not HostPolicy.Dane && sts is { Mode: StsMode.Enforce } && !sts.Names(exchange.Exchange);
                fault ??= dane.Failure;
                isAnyKeptOut |= isKeptOut;
                faults.AddRange(dane.Failure is null ? [] : [new RouteFault(TlsPolicyKind.Tlsa, dane.HostName, new TlsFault(TlsFaultKind.DnssecInvalid, dane.Failure))]);
                faults.AddRange(isKeptOut ? [new RouteFault(TlsPolicyKind.Sts, exchange.Exchange, new TlsFault(TlsFaultKind.ValidationFailure, "the policy does not name this host"))] : []);
                hops.AddRange(dane.Failure is null && !isKeptOut ? Hops(dane.HostName, Tried(host.Addresses), Stronger(dane.Policy, sts, exchange.Exchange)) : []);
            }
        }

        var route = hops.Count > 0 ? new Route([.. hops.Take(MaxHops)])
            : fault is not null ? Failed(451, "4.4.3", fault)
            : isAnyKeptOut ? Failed(451, "4.7.5", $"the MTA-STS policy of {domain} names none of its hosts")
            : ours < int.MaxValue ? Loop(domain)
            : Failed(550, "5.4.4", $"no host that takes mail for {domain} has an address");
        return route with { PolicyDomain = domain, Faults = [.. faults] };
    }

    private async Task<StsFinding> FindStsAsync(string domain, CancellationToken cancellationToken) =>
        _options.MtaSts && _options.Tls != TlsMode.None ? await _findSts(domain, cancellationToken).ConfigureAwait(false) : new StsFinding(null);

    /// <summary>A policy fetched by HTTPS never takes the place of records that DNSSEC vouches for (RFC 8461 §2).</summary>
    private HostPolicy? Stronger(HostPolicy? dane, StsPolicy? sts, string host) =>
        dane is HostPolicy.Dane || sts is null ? dane
        : sts.Mode == StsMode.Enforce ? new HostPolicy.Sts(sts, IsNamed: true)
        : dane is null && _options.Tls == TlsMode.Opportunistic ? new HostPolicy.Sts(sts, sts.Names(host))
        : dane;

    private IEnumerable<Hop> Hops(string name, IEnumerable<IPAddress> addresses, HostPolicy? policy = null) =>
        addresses.Select(a => new Hop(name, new IPEndPoint(a, _options.Port), policy is null or HostPolicy.Sts { Policy.Mode: StsMode.Testing } ? _options.Tls : TlsMode.Required, Policy: policy));

    private static IEnumerable<IPAddress> Tried(List<IPAddress> addresses) =>
        addresses.GroupBy(a => a.AddressFamily).SelectMany(family => family.Take(MaxOfFamily));

    private bool IsThisServer(string host, List<IPAddress> addresses) =>
        string.Equals(host, _options.Greeting, StringComparison.OrdinalIgnoreCase) || addresses.Exists(_isOurs.Invoke);

    /// <summary>The addresses of a host, IPv6 first; a fault when DNS gave no answer and there are none.</summary>
    private async Task<FoundHost> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        List<DnsAnswer> answers = [];
        foreach (var type in new[] { DnsRecordType.Aaaa, DnsRecordType.A })
        {
            answers.Add(await _dns.QueryAsync(host, type, cancellationToken).ConfigureAwait(false));
        }

        var found = answers.Where(a => a.Status == DnsStatus.Success).ToList();
        var failed = answers.Find(a => a.Status == DnsStatus.Failure);
        return new FoundHost(
            [.. found.SelectMany(a => a.Records.OfType<AddressRecord>()).Select(r => r.Address)],
            found.Select(a => a.Owner).FirstOrDefault(owner => owner is not null) ?? host,
            found.TrueForAll(a => a.IsAuthenticated),
            found.Count > 0 || failed is null ? null : $"DNS gave no answer for the address of {host}: {failed.Reason ?? "no reason given"}");
    }

    private sealed record FoundHost(List<IPAddress> Addresses, string CanonicalName, bool IsSecure, string? Fault);

    private static bool IsOfThisMachine(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || OwnAddresses().Contains(address);

    private static IEnumerable<IPAddress> OwnAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address);

    private static Route Loop(string domain) => Failed(554, "5.4.6", $"mail for {domain} leads back to this server; if another program of this machine takes it, name that in Outbound:Routes");

    private static Route Failed(int code, string enhanced, string text) =>
        new([], Outcome.Local(code, enhanced, text, SessionPhase.Route, OutcomeCause.Dns));
}
