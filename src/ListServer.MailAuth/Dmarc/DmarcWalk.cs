using System.Collections.Immutable;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Dmarc;

/// <summary>A record and the name under which (behind "_dmarc.") it was found.</summary>
internal sealed record FoundRecord(string Domain, DmarcRecord Record);

/// <summary>What one DNS Tree Walk found (RFC 9989 §4.10).</summary>
/// <param name="Start">The name where it began.</param>
/// <param name="Found">The records, from the longest name to the shortest.</param>
/// <param name="Failure">Why the walk broke off, or null.</param>
internal sealed record DmarcWalk(string Start, ImmutableArray<FoundRecord> Found, string? Failure)
{
    /// <summary>The Organizational Domain of <see cref="Start"/> (RFC 9989 §4.10.2); null after a failure.</summary>
    public string? OrganizationalDomain
    {
        get
        {
            if (Failure is not null)
            {
                return null;
            }

            foreach (var found in Found)
            {
                if (found.Record.Psd == DmarcPsd.No)
                {
                    return found.Domain;
                }

                if (found.Record.Psd == DmarcPsd.Yes && found.Domain != Start)
                {
                    return LastLabels(Start, DomainName.LabelCount(found.Domain) + 1);
                }
            }

            return Found.IsEmpty ? Start : Found[^1].Domain;
        }
    }

    /// <summary>
    /// The record that applies to an author at <see cref="Start"/> (RFC 9989 §4.10.1): its own, else that of its Organizational
    /// Domain, else that of its Public Suffix Domain.
    /// </summary>
    public FoundRecord? Policy =>
        Found.FirstOrDefault(f => f.Domain == Start)
        ?? Found.FirstOrDefault(f => f.Domain == OrganizationalDomain)
        ?? Found.FirstOrDefault(f => f.Record.Psd == DmarcPsd.Yes);

    /// <summary>The names that a walk asks for, at most eight: the start, then from seven labels or one fewer up to the top (AUTH-1).</summary>
    public static IEnumerable<string> Names(string start)
    {
        yield return start;
        for (var labels = Math.Min(DomainName.LabelCount(start) - 1, 7); labels > 0; labels--)
        {
            yield return LastLabels(start, labels);
        }
    }

    private static string LastLabels(string name, int count)
    {
        var at = name.Length;
        for (; count > 0 && at > 0; count--)
        {
            at = name.LastIndexOf('.', at - 1);
            if (at < 0)
            {
                return name;
            }
        }

        return name[(at + 1)..];
    }
}

/// <summary>Walks for one message: every name is asked for once. Not for concurrent use.</summary>
internal sealed class DmarcWalker(IDnsResolver resolver)
{
    private readonly Dictionary<string, (DmarcRecord? Record, string? Failure)> _known = [];

    /// <summary>The whole walk from a name up.</summary>
    public async ValueTask<DmarcWalk> WalkAsync(string start, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<FoundRecord>();
        foreach (var name in DmarcWalk.Names(start))
        {
            var (record, failure) = await GetAsync(name, cancellationToken).ConfigureAwait(false);
            if (failure is not null)
            {
                return new DmarcWalk(start, found.ToImmutable(), failure);
            }

            if (record is null)
            {
                continue;
            }

            found.Add(new FoundRecord(name, record));
            if (record.Psd != DmarcPsd.Unknown)
            {
                // RFC 9989 §4.10 steps 2 and 6: psd=y and psd=n end the walk.
                break;
            }
        }

        return new DmarcWalk(start, found.ToImmutable(), null);
    }

    /// <summary>The one record at a name. RFC 9989 §4.10 step 2: several count as none (AUTH-2).</summary>
    public async ValueTask<(DmarcRecord? Record, string? Failure)> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        var answer = await resolver.QueryAsync("_dmarc." + name, DnsRecordType.Txt, cancellationToken).ConfigureAwait(false);
        DmarcRecord? only = null;
        var count = 0;
        foreach (var record in answer.Records)
        {
            if (record is TxtRecord txt && DmarcRecord.TryParse(txt.Text, out var parsed))
            {
                only = parsed;
                if (++count > 1)
                {
                    break;
                }
            }
        }

        var failure = answer.Status == DnsStatus.Failure ? $"_dmarc.{name}: DNS failed: {answer.Reason}" : null;
        return _known[name] = (count == 1 ? only : null, failure);
    }
}
