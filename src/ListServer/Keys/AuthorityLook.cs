using System.Collections.Immutable;
using System.Net;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Keys;

/// <summary>What was seen of a key, and where it was not.</summary>
/// <param name="Sight">What.</param>
/// <param name="Why">Which server said what, in words; empty when all show it.</param>
internal sealed record Sighting(KeySight Sight, string Why = "");

/// <summary>Asks every name server of a key's zone, each itself, for the key's record: caches in between may show what is old, or what some servers only have.</summary>
/// <param name="resolver">Finds the zone and its servers.</param>
/// <param name="at">Asks one server.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class AuthorityLook(IDnsResolver resolver, Func<IPAddress, IDnsResolver> at)
{
    private const int MostServers = 20;

    /// <summary>Looks for a key.</summary>
    public async Task<Sighting> LookAsync(SigningIdentity identity, CancellationToken cancellationToken)
    {
        // Who has others sign for the domain may have put an alias there: then its target's zone is the one to ask.
        var known = await resolver.QueryAsync(identity.DnsName, DnsRecordType.Txt, cancellationToken);
        var name = known.Owner ?? identity.DnsName;
        var (servers, failure) = await ServersAsync(name, cancellationToken);
        if (failure is not null)
        {
            return new Sighting(KeySight.Unasked, failure);
        }

        if (servers.IsEmpty)
        {
            // A private namespace without name servers of its own: the resolver is all there is.
            return Judge(known, identity, "the name server of this machine");
        }

        Sighting? unasked = null;
        foreach (var server in servers)
        {
            var sighting = await AskAsync(server, name, identity, cancellationToken);
            if (sighting.Sight == KeySight.Missing)
            {
                return sighting;
            }

            unasked ??= sighting.Sight == KeySight.Unasked ? sighting : null;
        }

        return unasked ?? new Sighting(KeySight.Shown);
    }

    /// <summary>The names of the servers of the zone that holds a name (RFC 1034 §4.2.1); none where no zone says so.</summary>
    private async Task<(ImmutableArray<string> Servers, string? Failure)> ServersAsync(string name, CancellationToken cancellationToken)
    {
        for (var zone = name; zone.Length > 0; zone = zone.Split('.', 2) is [_, var above] ? above : "")
        {
            var answer = await resolver.QueryAsync(zone, DnsRecordType.NS, cancellationToken);
            if (answer.Status == DnsStatus.Failure)
            {
                return ([], $"the name servers of {zone} are not known: {answer.Reason}");
            }

            if (answer.Status == DnsStatus.Success)
            {
                return ([.. answer.Records.OfType<NameRecord>().Select(server => server.Name).Order(StringComparer.Ordinal).Take(MostServers)], null);
            }
        }

        return ([], null);
    }

    private async Task<Sighting> AskAsync(string server, string name, SigningIdentity identity, CancellationToken cancellationToken)
    {
        var v4 = await resolver.QueryAsync(server, DnsRecordType.A, cancellationToken);
        var v6 = await resolver.QueryAsync(server, DnsRecordType.Aaaa, cancellationToken);
        var answer = DnsAnswer.Empty(DnsStatus.Failure, reason: "it has no address");

        // This machine may lack one of the address families; a server that answers at one address has answered.
        foreach (var address in v4.Records.Concat(v6.Records).OfType<AddressRecord>().Select(record => record.Address))
        {
            answer = await at(address).QueryAsync(name, DnsRecordType.Txt, cancellationToken);
            if (answer.Status != DnsStatus.Failure)
            {
                break;
            }
        }

        return Judge(answer, identity, server);
    }

    private static Sighting Judge(DnsAnswer answer, SigningIdentity identity, string server)
    {
        if (answer.Status == DnsStatus.Failure)
        {
            return new Sighting(KeySight.Unasked, $"{server} gave no answer for {identity.DnsName}: {answer.Reason}");
        }

        var texts = answer.Records.OfType<TxtRecord>().Select(record => record.Text).ToList();
        return texts is [var only] && PublishedKey.Read(only).Verifies(identity.Key)
            ? new Sighting(KeySight.Shown)
            : new Sighting(KeySight.Missing, texts.Count switch
            {
                0 => $"{server} has no record at {identity.DnsName}",
                1 => $"{server} has another key at {identity.DnsName}, or a broken one",
                var count => $"{server} has {count} records at {identity.DnsName}",
            });
    }
}
