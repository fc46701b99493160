using ListServer.MailAuth.Dns;

namespace ListServer.Metrics;

/// <summary>Measures how long name servers take.</summary>
internal sealed class MeteredResolver(IDnsResolver servers, Instruments instruments, TimeProvider time) : IDnsResolver
{
    public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        var answer = await servers.QueryAsync(name, type, cancellationToken);
        instruments.Dns(answer.Status, time.GetElapsedTime(began));
        return answer;
    }
}
