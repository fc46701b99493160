using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Dmarc;

/// <summary>Where a domain stands in DMARC's tree, whoever writes from it (RFC 9989 §4.10).</summary>
/// <param name="RecordDomain">The name whose record applies to it, behind "_dmarc."; null for none.</param>
/// <param name="Record">That record; null for none.</param>
/// <param name="OrganizationalDomain">Its Organizational Domain; null after a failure.</param>
/// <param name="Failure">Why DNS could not say, in words; or null.</param>
public sealed record DmarcStanding(string? RecordDomain, DmarcRecord? Record, string? OrganizationalDomain, string? Failure)
{
    /// <summary>Walks the tree from a domain upwards.</summary>
    /// <param name="resolver">Answers the questions.</param>
    /// <param name="domain">The domain, in A-labels.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<DmarcStanding> OfAsync(IDnsResolver resolver, string domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(domain);
        var walk = await new DmarcWalker(resolver).WalkAsync(domain.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        var policy = walk.Failure is null ? walk.Policy : null;
        return new DmarcStanding(policy?.Domain, policy?.Record, walk.OrganizationalDomain, walk.Failure is { } failure ? ShownText.Of(failure) : null);
    }
}
