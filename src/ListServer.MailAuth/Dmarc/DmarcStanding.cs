using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Dmarc;

/// <summary>Where a domain stands in DMARC's tree, whoever writes from it (RFC 9989 §4.10).</summary>
/// <param name="RecordDomain">The name whose record applies to it, behind "_dmarc."; null for none.</param>
/// <param name="Record">That record; null for none.</param>
/// <param name="OrganizationalDomain">Its Organizational Domain; null after a failure.</param>
/// <param name="Failure">Why DNS could not say all, in words; or null. A record at the domain itself stands all the same.</param>
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

        // RFC 9989 §4.10.1: its own record applies, whatever stands above it. What servers above refuse to say leaves only the Organizational Domain open.
        var policy = walk.Failure is null ? walk.Policy : walk.Found.FirstOrDefault(found => found.Domain == walk.Start);
        return new DmarcStanding(policy?.Domain, policy?.Record, walk.OrganizationalDomain, walk.Failure is { } failure ? ShownText.Of(failure) : null);
    }
}
