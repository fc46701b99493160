using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Distribution;

/// <summary>Answers for the key that we sign with ourselves; all other questions go on.</summary>
internal sealed class OwnKeyResolver(SigningIdentity identity, IDnsResolver others) : IDnsResolver
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default) =>
        type == DnsRecordType.Txt && name.TrimEnd('.').Equals(identity.DnsName, StringComparison.OrdinalIgnoreCase)
            ? new(new DnsAnswer(DnsStatus.Success, [new TxtRecord(identity.Key.DnsRecord)], TimeToLive))
            : others.QueryAsync(name, type, cancellationToken);
}
