using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Dmarc;

/// <summary>The record that applies to an author, found before it is known what authenticated (RFC 9989 §4.10.1).</summary>
/// <param name="AuthorDomain">The author's domain in lower-case A-labels.</param>
/// <param name="RecordDomain">The name whose record applies, or null.</param>
/// <param name="Record">The record as it is to be applied, or null.</param>
/// <param name="Policy">The policy for this author: p, sp or np.</param>
/// <param name="Failure">Why no record could be looked for, or why it is not known whether sp or np applies; or null.</param>
/// <param name="Reason">What was found, in words.</param>
internal sealed record DmarcDiscovery(
    string AuthorDomain, string? RecordDomain, DmarcRecord? Record, DmarcPolicy? Policy, string? Failure, string Reason)
{
    public static async ValueTask<DmarcDiscovery> FindAsync(
        DmarcWalker walker, IDnsResolver resolver, string author, CancellationToken cancellationToken)
    {
        var (own, failure) = await walker.GetAsync(author, cancellationToken).ConfigureAwait(false);
        if (failure is null && own is not null)
        {
            return Apply(author, author, own, own.Applicable()?.Policy, null);
        }

        var walk = await walker.WalkAsync(author, cancellationToken).ConfigureAwait(false);
        if (walk.Failure is not null)
        {
            return new DmarcDiscovery(author, null, null, null, walk.Failure, walk.Failure);
        }

        if (walk.Policy is not { } found)
        {
            return new DmarcDiscovery(author, null, null, null, null, $"no DMARC record applies to {author}");
        }

        if (found.Record.Applicable() is not { } inherited)
        {
            return Apply(author, found.Domain, found.Record, null, null);
        }

        var existing = inherited.SubdomainPolicy ?? inherited.Policy;
        var missing = inherited.NonexistentPolicy ?? existing;
        if (existing == missing)
        {
            return Apply(author, found.Domain, found.Record, existing, null);
        }

        // RFC 9989 §3.2, A.4: a domain does not exist when any query for it is answered by NXDOMAIN; NODATA means that it does (AUTH-4).
        var answer = await resolver.QueryAsync(author, DnsRecordType.A, cancellationToken).ConfigureAwait(false);
        return Apply(
            author,
            found.Domain,
            found.Record,
            answer.Status == DnsStatus.NxDomain ? missing : existing,
            answer.Status == DnsStatus.Failure ? $"{author}: DNS failed: {answer.Reason}" : null);
    }

    private static DmarcDiscovery Apply(string author, string domain, DmarcRecord record, DmarcPolicy? policy, string? failure) =>
        record.Applicable() is { } applicable
            ? new(author, domain, applicable, policy, failure, $"the record at _dmarc.{domain} applies")
            : new(author, null, null, null, null, $"the record at _dmarc.{domain} has neither valid policies nor a valid rua");
}
