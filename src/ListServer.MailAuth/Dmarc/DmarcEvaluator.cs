using System.Collections.Immutable;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Dmarc;

/// <summary>Says whether a message's author domain is authenticated, and what the domain asks for if not (RFC 9989).</summary>
/// <remarks>Safe for concurrent use. DNS trouble and bad records are results; only cancellation throws.</remarks>
public sealed class DmarcEvaluator
{
    private readonly IDnsResolver _resolver;

    /// <summary>Makes an evaluator that finds records through a resolver.</summary>
    public DmarcEvaluator(IDnsResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        _resolver = resolver;
    }

    /// <summary>Evaluates one message.</summary>
    /// <param name="author">The author, from <see cref="Author.AuthorField"/>.</param>
    /// <param name="spf">SPF of MAIL FROM; HELO's is never used (AUTH-9).</param>
    /// <param name="dkim">The signatures' results.</param>
    /// <param name="cancellationToken">Ends the evaluation.</param>
    public async ValueTask<DmarcResult> EvaluateAsync(
        AuthorResult author, SpfResult spf, ImmutableArray<DkimResult> dkim, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(author);
        ArgumentNullException.ThrowIfNull(spf);
        var evaluation = new DmarcEvaluation(_resolver, author);
        await evaluation.DiscoverAsync(cancellationToken).ConfigureAwait(false);
        return await evaluation.ConcludeAsync(spf, dkim, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>One message's evaluation, in its two steps: the first needs only the author, so it runs beside SPF and DKIM.</summary>
internal sealed class DmarcEvaluation(IDnsResolver resolver, AuthorResult author)
{
    private readonly DmarcWalker _walker = new(resolver);
    private DmarcDiscovery? _discovery;
    private DmarcWalk? _authorWalk;

    public async ValueTask DiscoverAsync(CancellationToken cancellationToken)
    {
        if (author.Domain is { } domain)
        {
            _discovery = await DmarcDiscovery.FindAsync(_walker, resolver, domain, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<DmarcResult> ConcludeAsync(SpfResult spf, ImmutableArray<DkimResult> dkim, CancellationToken cancellationToken)
    {
        if (_discovery is not { } discovery)
        {
            // RFC 9989 §4.4, §11.5: without exactly one author there is nothing to align with (AUTH-11).
            return new DmarcResult(DmarcVerdict.PermError, "", null, null, null, DmarcPolicy.None, false, false, false, author.Reason ?? "no author");
        }

        if (discovery.Record is not { } record)
        {
            var verdict = discovery.Failure is null ? DmarcVerdict.None : DmarcVerdict.TempError;
            return new DmarcResult(
                verdict, discovery.AuthorDomain, null, null, null, DmarcPolicy.None, false, false, false, ShownText.Of(discovery.Reason));
        }

        var bySpf = await AlignAsync([new(spf.Domain, spf.Verdict == SpfVerdict.Pass, spf.Verdict == SpfVerdict.TempError)], record.IsSpfStrict, cancellationToken)
            .ConfigureAwait(false);

        // AUTH-27: a signature that leaves out body octets authenticates nobody.
        var signers = dkim.Select(d => new Identifier(d.Domain, d.Verdict == DkimVerdict.Pass && d.CoversWholeBody, d.Verdict == DkimVerdict.TempError));
        var byDkim = await AlignAsync(signers.OrderByDescending(i => i.Passed), record.IsDkimStrict, cancellationToken).ConfigureAwait(false);
        return Conclude(discovery, record, bySpf, byDkim);
    }

    private DmarcResult Conclude(DmarcDiscovery discovery, DmarcRecord record, Alignment bySpf, Alignment byDkim)
    {
        var isPass = bySpf.IsAligned || byDkim.IsAligned;

        // RFC 9989 §5.3.6: where DNS failed and the answer could have changed the result, there is neither a pass nor a fail (AUTH-10).
        var failure = isPass ? null : discovery.Failure ?? bySpf.Failure ?? byDkim.Failure;
        var verdict = isPass ? DmarcVerdict.Pass : failure is not null ? DmarcVerdict.TempError : DmarcVerdict.Fail;
        var policy = discovery.Policy ?? DmarcPolicy.None;
        var reason = (byDkim.IsAligned ? byDkim.Detail : null) ?? (bySpf.IsAligned ? bySpf.Detail : null) ?? failure
            ?? "neither SPF nor DKIM passed for an aligned domain";
        return new DmarcResult(
            verdict,
            discovery.AuthorDomain,
            discovery.RecordDomain,
            _authorWalk is { } walk ? walk.OrganizationalDomain : isPass ? discovery.AuthorDomain : null,
            policy,
            verdict != DmarcVerdict.Fail ? DmarcPolicy.None : record.IsTesting ? OneLevelDown(policy) : policy,
            record.IsTesting,
            bySpf.IsAligned,
            byDkim.IsAligned,
            ShownText.Of($"{reason}; {discovery.Reason}"));
    }

    /// <summary>t=y (RFC 9989 §4.7, AUTH-7).</summary>
    private static DmarcPolicy OneLevelDown(DmarcPolicy policy) => policy switch
    {
        DmarcPolicy.Reject => DmarcPolicy.Quarantine,
        _ => DmarcPolicy.None,
    };

    /// <summary>Looks for one aligned identifier that passed; failing that, for trouble that may have hidden one.</summary>
    private async ValueTask<Alignment> AlignAsync(IEnumerable<Identifier> identifiers, bool isStrict, CancellationToken cancellationToken)
    {
        string? failure = null;
        foreach (var identifier in identifiers)
        {
            if (!identifier.Passed && !identifier.IsUncertain)
            {
                continue;
            }

            var (isAligned, trouble) = await IsAlignedAsync(identifier.Domain, isStrict, cancellationToken).ConfigureAwait(false);
            if (isAligned && identifier.Passed)
            {
                return new Alignment(true, null, $"{identifier.Domain} passed and is aligned with {author.Domain}");
            }

            failure ??= trouble ?? (isAligned ? $"{identifier.Domain} is aligned, but could not be checked for now" : null);
        }

        return new Alignment(false, failure, "");
    }

    /// <summary>RFC 9989 §4.10.2.</summary>
    private async ValueTask<(bool IsAligned, string? Trouble)> IsAlignedAsync(string domain, bool isStrict, CancellationToken cancellationToken)
    {
        if (domain.Equals(author.Domain, StringComparison.OrdinalIgnoreCase))
        {
            return (true, null);
        }

        // Two names without a common top-level label have no common ancestor that could be an Organizational Domain.
        if (isStrict || domain.Length == 0 || !TopLabel(domain).Equals(TopLabel(author.Domain), StringComparison.OrdinalIgnoreCase))
        {
            return (false, null);
        }

        _authorWalk ??= await _walker.WalkAsync(author.Domain!, cancellationToken).ConfigureAwait(false);
        if (_authorWalk.OrganizationalDomain is not { } organization)
        {
            return (false, _authorWalk.Failure);
        }

        if (!DomainName.IsSameOrBelow(domain, organization))
        {
            // The identifier's own Organizational Domain is one of its ancestors or itself: it can't be this one.
            return (false, null);
        }

        var walk = await _walker.WalkAsync(domain.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        return (walk.OrganizationalDomain == organization, walk.Failure);
    }

    private static ReadOnlySpan<char> TopLabel(string? name) => name.AsSpan(name.AsSpan().LastIndexOf('.') + 1);

    private readonly record struct Identifier(string Domain, bool Passed, bool IsUncertain);

    private readonly record struct Alignment(bool IsAligned, string? Failure, string Detail);
}
