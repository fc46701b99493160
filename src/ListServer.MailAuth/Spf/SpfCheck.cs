using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Spf;

/// <summary>What check_host() found, and the record that an explanation is to be taken from.</summary>
internal readonly record struct SpfOutcome(SpfVerdict Verdict, string Reason, SpfRecord? Record = null, string Domain = "");

/// <summary>One identity's check (RFC 7208 §4): the recursion, and the limits that hold for the whole of it.</summary>
internal sealed class SpfCheck
{
    private const int MaxMxHosts = 10;

    /// <summary>Enough for any sane record; a hostile one has thousands of terms.</summary>
    private const int MaxSteps = 200;

    private readonly IDnsResolver _resolver;
    private readonly TimeProvider _time;
    private readonly SpfOptions _options;
    private readonly SpfSender _sender;
    private readonly ValidatedNames _names;
    private readonly MacroExpander _macros;
    private readonly ImmutableArray<string>.Builder _steps = ImmutableArray.CreateBuilder<string>();
    private readonly SpfLimits _limits = new();
    private readonly long _start;

    public SpfCheck(IDnsResolver resolver, TimeProvider time, SpfOptions options, SpfSender sender)
    {
        _resolver = resolver;
        _time = time;
        _options = options;
        _sender = sender;
        _names = new ValidatedNames(resolver, sender.Client);
        _macros = new MacroExpander(sender, _names, time, options);
        _start = time.GetTimestamp();
    }

    /// <summary>What was looked at, in words and in order.</summary>
    public ImmutableArray<string> Steps => _steps.ToImmutable();

    private bool IsV4 => _sender.Client.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>check_host() for one domain (RFC 7208 §4.3–4.7).</summary>
    public async ValueTask<SpfOutcome> CheckHostAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await _resolver.QueryAsync(domain, DnsRecordType.Txt, cancellationToken).ConfigureAwait(false);
        if (answer.Status == DnsStatus.Failure)
        {
            // RFC 7208 §4.4
            return Step(new(SpfVerdict.TempError, $"{domain}: DNS failed: {answer.Reason}"));
        }

        var records = answer.Records.OfType<TxtRecord>().Where(r => SpfRecord.IsSpf(r.Text)).ToList();
        if (records.Count != 1)
        {
            // RFC 7208 §4.5
            return Step(records.Count == 0
                ? new(SpfVerdict.None, $"{domain} has no SPF record")
                : new(SpfVerdict.PermError, $"{domain} has {records.Count} SPF records"));
        }

        Note($"{domain}: {records[0].Text}");
        if (!_limits.CountText(records[0].Text.Length))
        {
            return Step(new(SpfVerdict.PermError, $"{domain}: the SPF records are too long together"));
        }

        return SpfRecord.Parse(records[0].Text, out var fault) is { } record
            ? await EvaluateAsync(record, domain, cancellationToken).ConfigureAwait(false)
            : Step(new(SpfVerdict.PermError, $"{domain}: {fault}"));
    }

    /// <summary>The explanation of a fail (RFC 7208 §6.2); null when there is none or anything is wrong with it.</summary>
    public async ValueTask<string?> ExplainAsync(SpfOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Record?.Explanation is not { } explanation || !CanExpand(explanation))
        {
            return null;
        }

        var name = await _macros.ExpandDomainAsync(explanation, outcome.Domain, cancellationToken).ConfigureAwait(false);
        var answer = await _resolver.QueryAsync(name, DnsRecordType.Txt, cancellationToken).ConfigureAwait(false);
        if (answer.Records is not [TxtRecord only] || MacroString.Parse(only.Text, MacroPlace.Explanation, out _) is not { } text)
        {
            return null;
        }

        // What the client gave by HELO or MAIL FROM comes in through macros: nothing but US-ASCII may come out, and not much (AUTH-98).
        return ShownText.Of(await _macros.ExpandTextAsync(text, outcome.Domain, ShownText.MaxLength, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<SpfOutcome> EvaluateAsync(SpfRecord record, string domain, CancellationToken cancellationToken)
    {
        foreach (var mechanism in record.Mechanisms)
        {
            if (_time.GetElapsedTime(_start) > _options.Timeout)
            {
                // RFC 7208 §4.6.4: the time limit makes a temperror.
                return Step(new(SpfVerdict.TempError, $"{domain}: the check took too long"));
            }

            var match = await MatchAsync(mechanism, domain, cancellationToken).ConfigureAwait(false);
            Note($"{domain}: {mechanism.Text}: {match.Detail}");
            if (match.Kind == SpfMatchKind.Yes)
            {
                return new(mechanism.Verdict, $"{domain}: {mechanism.Text} matched", record, domain);
            }

            if (match.Kind != SpfMatchKind.No)
            {
                var verdict = match.Kind == SpfMatchKind.TempError ? SpfVerdict.TempError : SpfVerdict.PermError;
                return new(verdict, $"{domain}: {mechanism.Text}: {match.Detail}");
            }
        }

        // RFC 7208 §4.7
        return record.Redirect is { } redirect
            ? await RedirectAsync(redirect, domain, cancellationToken).ConfigureAwait(false)
            : Step(new(SpfVerdict.Neutral, $"{domain}: no mechanism matched", record, domain));
    }

    /// <summary>RFC 7208 §6.1: the other domain's result stands for this one, none being a permerror.</summary>
    private async ValueTask<SpfOutcome> RedirectAsync(MacroString redirect, string domain, CancellationToken cancellationToken)
    {
        if (_limits.CountTerm() is { } limit)
        {
            return Step(new(SpfVerdict.PermError, $"{domain}: redirect: {limit.Detail}"));
        }

        if (!CanExpand(redirect))
        {
            return Step(new(SpfVerdict.Neutral, $"{domain}: redirect: no name can come of a non-ASCII local part"));
        }

        var target = await _macros.ExpandDomainAsync(redirect, domain, cancellationToken).ConfigureAwait(false);
        var outcome = await CheckHostAsync(target, cancellationToken).ConfigureAwait(false);
        return outcome.Verdict == SpfVerdict.None
            ? Step(new(SpfVerdict.PermError, $"{domain}: redirect: {target} has no SPF record"))
            : outcome;
    }

    private async ValueTask<SpfMatch> MatchAsync(SpfMechanism mechanism, string domain, CancellationToken cancellationToken)
    {
        switch (mechanism)
        {
            case AllMechanism:
                return SpfMatch.Yes("matches");
            case NetworkMechanism network:
                return MatchNetwork(network.Network, network.Prefix) ? SpfMatch.Yes("matches") : SpfMatch.No("does not match");
        }

        if (_limits.CountTerm() is { } limit)
        {
            return limit;
        }

        var macros = mechanism switch
        {
            IncludeMechanism include => include.Domain,
            HostMechanism host => host.Domain,
            PtrMechanism ptr => ptr.Domain,
            ExistsMechanism exists => exists.Domain,
            _ => null,
        };
        if (macros is not null && !CanExpand(macros))
        {
            return SpfMatch.No("no name can come of a non-ASCII local part");
        }

        var target = macros is null ? domain : await _macros.ExpandDomainAsync(macros, domain, cancellationToken).ConfigureAwait(false);
        return mechanism switch
        {
            IncludeMechanism => await IncludeAsync(target, cancellationToken).ConfigureAwait(false),
            PtrMechanism => await PtrAsync(target, cancellationToken).ConfigureAwait(false),
            ExistsMechanism => await ExistsAsync(target, cancellationToken).ConfigureAwait(false),
            HostMechanism { IsMx: true } mx => await MxAsync(mx, target, cancellationToken).ConfigureAwait(false),
            _ => await AddressAsync((HostMechanism)mechanism, target, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>RFC 7208 §5.2.</summary>
    private async ValueTask<SpfMatch> IncludeAsync(string target, CancellationToken cancellationToken)
    {
        var outcome = await CheckHostAsync(target, cancellationToken).ConfigureAwait(false);
        return outcome.Verdict switch
        {
            SpfVerdict.Pass => SpfMatch.Yes(outcome.Reason),
            SpfVerdict.TempError => SpfMatch.TempError(outcome.Reason),
            SpfVerdict.PermError or SpfVerdict.None => SpfMatch.PermError(outcome.Reason),
            _ => SpfMatch.No(outcome.Reason),
        };
    }

    /// <summary>RFC 7208 §5.5: DNS trouble only means no match.</summary>
    private async ValueTask<SpfMatch> PtrAsync(string target, CancellationToken cancellationToken)
    {
        var name = await _names.FindAsync(target, cancellationToken).ConfigureAwait(false);
        if (_names.Status is DnsStatus.NoData or DnsStatus.NxDomain && _limits.CountVoid() is { } limit)
        {
            return limit;
        }

        return name is null ? SpfMatch.No($"no validated name of the client is in {target}") : SpfMatch.Yes($"{name} is the client");
    }

    /// <summary>RFC 7208 §5.7: always an A look-up, whatever the client's address family.</summary>
    private async ValueTask<SpfMatch> ExistsAsync(string target, CancellationToken cancellationToken)
    {
        var (answer, stop) = await LookupAsync(target, DnsRecordType.A, cancellationToken).ConfigureAwait(false);
        return stop ?? (answer.Status == DnsStatus.Success ? SpfMatch.Yes($"{target} exists") : SpfMatch.No($"{target} does not exist"));
    }

    /// <summary>RFC 7208 §5.3.</summary>
    private async ValueTask<SpfMatch> AddressAsync(HostMechanism mechanism, string target, CancellationToken cancellationToken)
    {
        var (answer, stop) = await LookupAsync(target, AddressType, cancellationToken).ConfigureAwait(false);
        return stop ?? MatchAddresses(mechanism, target, answer) ?? SpfMatch.No($"no address of {target} matches");
    }

    /// <summary>RFC 7208 §5.4; §4.6.4: more than ten hosts are a permerror. An empty name is a null MX (RFC 7505).</summary>
    private async ValueTask<SpfMatch> MxAsync(HostMechanism mechanism, string target, CancellationToken cancellationToken)
    {
        var (answer, stop) = await LookupAsync(target, DnsRecordType.MX, cancellationToken).ConfigureAwait(false);
        if (stop is not null)
        {
            return stop.Value;
        }

        var hosts = answer.Records.OfType<MXRecord>().Where(r => r.Exchange.Length > 0).OrderBy(r => r.Preference).ToList();
        if (hosts.Count > MaxMxHosts)
        {
            return SpfMatch.PermError($"{target} has more than {MaxMxHosts} MX records");
        }

        // The hosts are asked for together and judged in order.
        var lookups = hosts.ConvertAll(h => _resolver.QueryAsync(h.Exchange, AddressType, cancellationToken).AsTask());
        var answers = await Task.WhenAll(lookups).ConfigureAwait(false);
        for (var i = 0; i < hosts.Count; i++)
        {
            if (answers[i].Status == DnsStatus.Failure)
            {
                return SpfMatch.TempError($"{hosts[i].Exchange}: DNS failed: {answers[i].Reason}");
            }

            if (MatchAddresses(mechanism, hosts[i].Exchange, answers[i]) is { } match)
            {
                return match;
            }
        }

        return SpfMatch.No($"no address of an MX of {target} matches");
    }

    /// <summary>
    /// The look-up that a term stands for. RFC 7208 §5: failures are a temperror. §4.6.4: more than two void ones are a permerror.
    /// §4.8: a name that can't be asked for is not asked for, and matches nothing.
    /// </summary>
    private async ValueTask<(DnsAnswer Answer, SpfMatch? Stop)> LookupAsync(string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        if (!DnsName.TryNormalize(name, out _, out var fault))
        {
            return (DnsAnswer.Empty(DnsStatus.NxDomain, reason: fault), null);
        }

        var answer = await _resolver.QueryAsync(name, type, cancellationToken).ConfigureAwait(false);
        return (answer, answer.Status switch
        {
            DnsStatus.Failure => SpfMatch.TempError($"{name}: DNS failed: {answer.Reason}"),
            DnsStatus.NoData or DnsStatus.NxDomain => _limits.CountVoid(),
            _ => null,
        });
    }

    private SpfMatch? MatchAddresses(HostMechanism mechanism, string host, DnsAnswer answer)
    {
        var prefix = IsV4 ? mechanism.Prefix4 : mechanism.Prefix6;
        foreach (var record in answer.Records)
        {
            if (record is AddressRecord address && MatchNetwork(address.Address, prefix))
            {
                return SpfMatch.Yes($"{host} has {address.Address}");
            }
        }

        return null;
    }

    private bool MatchNetwork(IPAddress network, int prefix) =>
        AddressPrefix.Matches(network, _sender.Client, prefix);

    private DnsRecordType AddressType => IsV4 ? DnsRecordType.A : DnsRecordType.Aaaa;

    private bool CanExpand(MacroString macros) => _sender.HasAsciiLocalPart || !macros.UsesLocalPart;

    private SpfOutcome Step(SpfOutcome outcome)
    {
        Note(outcome.Reason);
        return outcome;
    }

    private void Note(string step)
    {
        if (_steps.Count < MaxSteps)
        {
            _steps.Add(ShownText.Of(step));
        }
    }
}
