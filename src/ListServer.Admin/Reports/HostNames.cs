using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Reports;

/// <summary>The names of addresses that lead back to them, asked within a time and remembered. Safe for concurrent use.</summary>
public sealed class HostNames(IDnsResolver dns, TimeProvider time)
{
    private const int MostKept = 20_000;
    private const int AtOnce = 16;
    private const int NamesTried = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, (string? Name, DateTimeOffset Until)> _known = new();

    /// <summary>The names of those addresses that have one; what DNS does not say in time is left out, and asked again next time.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var now = time.GetUtcNow();
        if (_known.Count > MostKept)
        {
            _known.Clear();
        }

        try
        {
            await Parallel.ForEachAsync(
                addresses.Where(address => !_known.TryGetValue(address, out var known) || known.Until < now),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = either.Token },
                async (address, cancel) => await AskAsync(address, now, cancel));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time is up: what is known by now has to do.
        }

        return addresses.Where(address => _known.TryGetValue(address, out var known) && known.Name is not null).ToDictionary(address => address, address => _known[address].Name!);
    }

    /// <summary>The organisation of a host, as far as its name tells: its last two labels, or three below a short second-level one such as co.jp.</summary>
    public static string OrganisationOf(string host)
    {
        var labels = host.ToLowerInvariant().TrimEnd('.').Split('.');
        var count = labels.Length > 2 && labels[^1].Length == 2 && labels[^2].Length <= 3 ? 3 : 2;
        return string.Join('.', labels.TakeLast(count));
    }

    /// <summary>The network of an address: what stands for those without a name.</summary>
    public static string NetworkOf(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return "";
        }

        var octets = parsed.GetAddressBytes();
        var kept = parsed.AddressFamily is AddressFamily.InterNetwork ? 3 : 6;
        octets.AsSpan(kept).Clear();
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(octets)}/{kept * 8}");
    }

    private async Task AskAsync(string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!IPAddress.TryParse(address, out var parsed))
        {
            return;
        }

        var answer = await dns.QueryAsync(PublishedRecord.ReverseName(parsed), DnsRecordType.Ptr, cancellationToken);
        string? found = null;
        var failed = answer.Status is DnsStatus.Failure;
        foreach (var name in answer.Records.OfType<NameRecord>().Take(NamesTried).Select(record => DomainName.Normalize(record.Name)).OfType<string>())
        {
            var type = parsed.AddressFamily is AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa;
            var back = await dns.QueryAsync(name, type, cancellationToken);
            failed |= back.Status is DnsStatus.Failure;
            found ??= back.Records.OfType<AddressRecord>().Any(record => record.Address.Equals(parsed)) ? name : null;
        }

        if (found is not null || !failed)
        {
            _known[address] = (found, now + Kept);
        }
    }
}
