using System.Collections.Immutable;
using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace ListServer.MailAuth.Dns;

/// <summary>Asks recursive DNS servers through DnsClient: UDP with EDNS, TCP when an answer is cut, no cache.</summary>
/// <remarks>Safe for concurrent use. Put a <see cref="CachingResolver"/> in front.</remarks>
public sealed class DnsClientResolver : IDnsResolver
{
    /// <summary>The size that fits any path without fragments (DNS flag day 2020).</summary>
    private const int EdnsBufferSize = 1232;

    /// <summary>The try and its one repetition.</summary>
    private const int MaxTries = 2;

    private const string TimedOut = "no answer in time";

    private readonly ImmutableArray<Server> _servers;

    /// <summary>Makes a resolver; nothing is sent yet.</summary>
    /// <exception cref="InvalidOperationException">No servers are given, and the operating system could not be asked for its own.</exception>
    public DnsClientResolver(DnsClientResolverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _servers = [.. Endpoints(options).Select(e => new Server(Client(e, options), IsTrusted(e.Address, options)))];
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!DnsName.TryNormalize(name, out var normalized, out var fault) || WireName(normalized) is not { } question)
        {
            return DnsAnswer.Empty(DnsStatus.NxDomain, reason: fault ?? "the name is not UTF-8");
        }

        var answer = DnsAnswer.Empty(DnsStatus.Failure, reason: "no DNS server is known");
        for (var attempt = 0; attempt < Math.Max(_servers.Length, MaxTries) && !_servers.IsEmpty; attempt++)
        {
            var (next, isFinal) = await TryAsync(_servers[attempt % _servers.Length], question, type, cancellationToken).ConfigureAwait(false);
            answer = next;
            if (isFinal || (attempt + 1 >= MaxTries && next.Reason == TimedOut) || (_servers.Length == 1 && next.Reason != TimedOut))
            {
                break;
            }
        }

        return answer;
    }

    /// <summary>One question to one server. Final answers are given on; the others make the next server worth a try.</summary>
    private static async Task<(DnsAnswer Answer, bool IsFinal)> TryAsync(
        Server server, DnsString name, DnsRecordType type, CancellationToken cancellationToken)
    {
        try
        {
            var response = await server.Client.QueryAsync(new DnsQuestion(name, (QueryType)type), cancellationToken).ConfigureAwait(false);
            var answer = Read(response, name, type, server.IsTrusted);
            return (answer, answer.Status != DnsStatus.Failure);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever a broken packet or socket does to DnsClient is a failed question, never an exception of ours.
            var isTimeout = e is DnsResponseException { Code: DnsResponseCode.ConnectionTimeout } or OperationCanceledException;
            return (DnsAnswer.Empty(DnsStatus.Failure, reason: isTimeout ? TimedOut : ShownText.Of(e.Message)), false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private static DnsAnswer Read(IDnsQueryResponse response, DnsString name, DnsRecordType type, bool isTrusted)
    {
        // An answer to another question is no answer: DnsClient itself compares nothing but the id.
        if (response.Questions is not [var question] || question.QuestionType != (QueryType)type
            || !string.Equals(question.QueryName.Original.TrimEnd('.'), name.Original.TrimEnd('.'), StringComparison.OrdinalIgnoreCase))
        {
            return DnsAnswer.Empty(DnsStatus.Failure, reason: "the answer is to another question");
        }

        return response.Header.ResponseCode switch
        {
            DnsHeaderResponseCode.NoError => ReadRecords(response, type, isTrusted),
            DnsHeaderResponseCode.NotExistentDomain => Negative(response, DnsStatus.NxDomain, isTrusted),
            var code => DnsAnswer.Empty(DnsStatus.Failure, reason: $"the server answered {code}"),
        };
    }

    private static DnsAnswer ReadRecords(IDnsQueryResponse response, DnsRecordType type, bool isTrusted)
    {
        var records = ImmutableArray.CreateBuilder<DnsRecord>();
        foreach (var record in response.Answers)
        {
            if (record.RecordType == (ResourceRecordType)type && WireRecord.Read(record) is { } read)
            {
                records.Add(read);
            }
        }

        return records.Count == 0
            ? Negative(response, DnsStatus.NoData, isTrusted)
            : new DnsAnswer(DnsStatus.Success, records.ToImmutable(), LeastTtl(response), isTrusted && response.Header.IsAuthenticData)
            {
                Owner = response.Answers.Where(r => r.RecordType == (ResourceRecordType)type).Select(r => WireRecord.Name(r.DomainName)).First(),
            };
    }

    /// <summary>RFC 2308 §5: kept for the lesser of the SOA's TTL and its MINIMUM; without a SOA not at all.</summary>
    private static DnsAnswer Negative(IDnsQueryResponse response, DnsStatus status, bool isTrusted)
    {
        var ttl = response.Authorities.OfType<SoaRecord>().FirstOrDefault() is { } soa
            ? TimeSpan.FromSeconds(Math.Min(Math.Max(0, soa.InitialTimeToLive), soa.Minimum))
            : TimeSpan.Zero;
        return new DnsAnswer(status, [], ttl < LeastTtl(response) ? ttl : LeastTtl(response), isTrusted && response.Header.IsAuthenticData);
    }

    /// <summary>The least TTL in the answer section, CNAMEs included; RFC 2181 §8: one with the top bit set counts as zero.</summary>
    private static TimeSpan LeastTtl(IDnsQueryResponse response)
    {
        var least = int.MaxValue;
        foreach (var record in response.Answers)
        {
            least = Math.Min(least, Math.Max(0, record.InitialTimeToLive));
        }

        return TimeSpan.FromSeconds(least);
    }

    /// <summary>
    /// The name as DnsClient is to write it. It writes UTF-8, so octets above 127 must be UTF-8 to get through unchanged; and it turns
    /// "xn--" labels into Unicode when it reads them back, which fails for some: upper case, the same name in DNS, is left alone.
    /// </summary>
    private static DnsString? WireName(string name) =>
        OctetText.TryReadUtf8(name, out var text)
            ? DnsString.FromResponseQueryString(text.Replace("xn--", "XN--", StringComparison.OrdinalIgnoreCase))
            : null;

    private static IEnumerable<IPEndPoint> Endpoints(DnsClientResolverOptions options) => options.Servers.IsDefaultOrEmpty
        ? NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false)
            .Select(s => new IPEndPoint(IPAddress.Parse(s.Address), s.Port))
        : options.Servers;

    /// <summary>RFC 4035 §4.9.3: the AD bit means something only on a safe way from a server that is trusted.</summary>
    private static bool IsTrusted(IPAddress server, DnsClientResolverOptions options) =>
        options.RequestDnssec && (IPAddress.IsLoopback(server) || options.TrustedServers.Contains(server));

    private static LookupClient Client(IPEndPoint server, DnsClientResolverOptions options) => new(new LookupClientOptions(server)
    {
        AutoResolveNameServers = false,
        ContinueOnDnsError = false,
        ContinueOnEmptyResponse = false,
        ExtendedDnsBufferSize = EdnsBufferSize,
        RequestDnsSecRecords = IsTrusted(server.Address, options),
        Retries = 0,
        ThrowDnsErrors = false,
        Timeout = options.Timeout,
        UseCache = false,
        UseRandomNameServer = false,
        UseTcpFallback = true,
    });

    private sealed record Server(LookupClient Client, bool IsTrusted);
}
