using System.Collections.Immutable;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Spf;

/// <summary>
/// What a domain's SPF record costs and allows, whoever sends: for its owner. A check of one sender stops at the first match; this goes through all of the
/// record, and through all records that it includes.
/// </summary>
/// <param name="Records">The SPF records at the domain itself.</param>
/// <param name="LookupTerms">Terms that need look-ups (RFC 7208 §4.6.4: ten at the most), includes and redirects counted through.</param>
/// <param name="VoidLookups">Look-ups that find nothing (two at the most); of names that macros make, none is known.</param>
/// <param name="LetsAnybodyPass">True when a +all lets every sender pass.</param>
/// <param name="Fault">What spoils the record for every receiver, in words; or null.</param>
/// <param name="Failure">Why DNS could not say all of it, in words; or null.</param>
public sealed record SpfSurvey(
    ImmutableArray<string> Records, int LookupTerms, int VoidLookups, bool LetsAnybodyPass, string? Fault, string? Failure)
{
    /// <summary>Goes through a domain's record.</summary>
    /// <param name="resolver">Answers the questions.</param>
    /// <param name="domain">The domain, in A-labels.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<SpfSurvey> OfAsync(IDnsResolver resolver, string domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(domain);
        var walk = new SpfSurveyor(resolver);
        var records = await walk.ReadAsync(domain, cancellationToken).ConfigureAwait(false);
        if (records is [var only])
        {
            await walk.WalkAsync(domain, only, [domain], cancellationToken).ConfigureAwait(false);
        }

        return walk.Result(records);
    }
}

/// <summary>The counts of one survey.</summary>
internal sealed class SpfSurveyor(IDnsResolver resolver)
{
    /// <summary>A record that far beyond the limit is not followed to its end.</summary>
    private const int MostTerms = 100;

    private int _terms;
    private int _voids;
    private bool _isOpen;
    private string? _fault;
    private string? _failure;

    public SpfSurvey Result(ImmutableArray<string> records) => new(records, _terms, _voids, _isOpen, _fault, _failure);

    public async ValueTask<ImmutableArray<string>> ReadAsync(string domain, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(domain, DnsRecordType.Txt, cancellationToken).ConfigureAwait(false);
        return [.. answer.Records.OfType<TxtRecord>().Select(record => record.Text).Where(SpfRecord.IsSpf)];
    }

    public async ValueTask WalkAsync(string domain, string text, ImmutableHashSet<string> path, CancellationToken cancellationToken)
    {
        if (SpfRecord.Parse(text, out var fault) is not { } record)
        {
            _fault ??= $"{domain}: {fault}";
            return;
        }

        foreach (var mechanism in record.Mechanisms)
        {
            if (mechanism is AllMechanism all)
            {
                // RFC 7208 §5.1: what stands behind it, and redirect, is not looked at.
                _isOpen |= all.Verdict == SpfVerdict.Pass;
                return;
            }

            if (mechanism is not NetworkMechanism && ++_terms < MostTerms)
            {
                await LookAsync(mechanism, domain, path, cancellationToken).ConfigureAwait(false);
            }
        }

        if (record.Redirect is { } redirect && ++_terms < MostTerms && Plain(redirect) is { } target)
        {
            await FollowAsync(domain, "redirect=" + target, target, path, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask LookAsync(SpfMechanism mechanism, string domain, ImmutableHashSet<string> path, CancellationToken cancellationToken)
    {
        switch (mechanism)
        {
            case IncludeMechanism include when Plain(include.Domain) is { } target:
                await FollowAsync(domain, include.Text, target, path, cancellationToken).ConfigureAwait(false);
                break;
            case ExistsMechanism exists when Plain(exists.Domain) is { } name:
                await CountAsync(name, [DnsRecordType.A], cancellationToken).ConfigureAwait(false);
                break;
            case HostMechanism { IsMx: true } mx when Name(mx.Domain, domain) is { } name:
                await CountAsync(name, [DnsRecordType.MX], cancellationToken).ConfigureAwait(false);
                break;
            case HostMechanism { IsMx: false } host when Name(host.Domain, domain) is { } name:
                await CountAsync(name, [DnsRecordType.A, DnsRecordType.Aaaa], cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>RFC 7208 §5.2, §6.1: a domain without a record of its own, or with several, spoils the one that leads there.</summary>
    private async ValueTask FollowAsync(string domain, string term, string target, ImmutableHashSet<string> path, CancellationToken cancellationToken)
    {
        if (path.Contains(target))
        {
            _fault ??= $"{domain}: {term} leads back to {target}";
            return;
        }

        var failure = _failure;
        var records = await ReadAsync(target, cancellationToken).ConfigureAwait(false);
        if (records is [var only])
        {
            await WalkAsync(target, only, path.Add(target), cancellationToken).ConfigureAwait(false);
        }
        else if (_failure == failure)
        {
            _fault ??= records.IsEmpty ? $"{domain}: {term}: {target} has no SPF record" : $"{domain}: {term}: {target} has {records.Length} SPF records";
        }
    }

    /// <summary>A look-up is void when no kind of sender finds anything there.</summary>
    private async ValueTask CountAsync(string name, DnsRecordType[] types, CancellationToken cancellationToken)
    {
        var isVoid = true;
        foreach (var type in types)
        {
            var answer = await AskAsync(name, type, cancellationToken).ConfigureAwait(false);
            isVoid &= answer.Status is DnsStatus.NoData or DnsStatus.NxDomain;
        }

        _voids += isVoid ? 1 : 0;
    }

    private async ValueTask<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        var answer = await resolver.QueryAsync(name, type, cancellationToken).ConfigureAwait(false);
        _failure ??= answer.Status == DnsStatus.Failure ? ShownText.Of($"{name}: {answer.Reason}") : null;
        return answer;
    }

    private static string? Name(MacroString? domain, string current) => domain is null ? current : Plain(domain);

    /// <summary>The name, in lower case; null where macros make it, which only a sender can tell.</summary>
    private static string? Plain(MacroString text) =>
        text.Parts.All(part => part.Literal is not null) ? string.Concat(text.Parts.Select(part => part.Literal)).TrimEnd('.').ToLowerInvariant() : null;
}
