using System.Collections.Immutable;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Dkim;

/// <summary>What DNS holds at a key's name.</summary>
/// <param name="Failure">Why there is no record to try, or null.</param>
/// <param name="IsTemporary">True when asking again may help.</param>
/// <param name="Texts">The records as they came; empty after a failure.</param>
internal sealed record KeyAnswer(string? Failure, bool IsTemporary, ImmutableArray<string> Texts)
{
    /// <summary>Those that were read, in order.</summary>
    public List<KeyRecord> Read { get; } = [];
}

/// <summary>Asks for the keys of one message, each name once, however many signatures name it.</summary>
/// <remarks>For one message and one thread; the questions themselves run concurrently.</remarks>
internal sealed class KeyLookup(IDnsResolver resolver, CancellationToken cancellationToken)
{
    /// <summary>More than one record at a name is undefined (RFC 6376 §3.6.2.2); a verifier may try each (§6.1.2). A few are enough.</summary>
    private const int MaximumRecords = 4;

    /// <summary>How many records are read to find those: an answer can hold hundreds.</summary>
    private const int MaximumRead = 16;

    /// <summary>How many records beyond the first at each name are read for all signatures and seals of the message: each may hold a key to compute.</summary>
    private const int MaximumFurther = 64;

    /// <summary>How many keys may be tried in vain before the last one at their name, for all signatures and seals of the message.</summary>
    private const int MaximumVainAttempts = 16;

    private int _vainAttempts;
    private int _further;

    private readonly Dictionary<(string Selector, string Domain), Task<KeyAnswer>> _asked = [];

    public Task<KeyAnswer> Ask(string selector, string domain)
    {
        if (!_asked.TryGetValue((selector, domain), out var answer))
        {
            answer = Fetch($"{selector}._domainkey.{domain}");
            _asked.Add((selector, domain), answer);
        }

        return answer;
    }

    /// <summary>
    /// The verdict of the first record that passes, with that record; else of the first that gives a key; else of the first. Null when there
    /// is no record. Several records at each of many names would multiply the cost of a message, so those beyond the first, and those tried in
    /// vain, are counted (AUTH-98).
    /// </summary>
    public (SignatureVerdict Verdict, KeyRecord Record)? Try(KeyAnswer answer, Func<KeyRecord, SignatureVerdict> check)
    {
        (SignatureVerdict Verdict, KeyRecord Record)? first = null;
        var tried = 0;
        for (var i = 0; i < answer.Texts.Length && tried < MaximumRecords && IsRead(answer, i); i++)
        {
            var record = answer.Read[i];
            var verdict = check(record);
            if (verdict.Verdict == DkimVerdict.Pass)
            {
                return (verdict, record);
            }

            first = first is null || (first.Value.Record.Defect is not null && record.Defect is null) ? (verdict, record) : first;
            tried += record.Defect is null ? 1 : 0;
            if (verdict.Verdict == DkimVerdict.Fail && ++_vainAttempts > MaximumVainAttempts)
            {
                break;
            }
        }

        return first;
    }

    /// <summary>Each record is read once, however many signatures name it.</summary>
    private bool IsRead(KeyAnswer answer, int at)
    {
        if (at == answer.Read.Count && (at == 0 || ++_further <= MaximumFurther))
        {
            answer.Read.Add(KeyRecord.Parse(answer.Texts[at]));
        }

        return at < answer.Read.Count;
    }

    private async Task<KeyAnswer> Fetch(string name)
    {
        var answer = await resolver.QueryAsync(name, DnsRecordType.Txt, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            DnsStatus.Failure => new KeyAnswer($"no answer for {name}: {answer.Reason}", true, []),
            DnsStatus.NxDomain or DnsStatus.NoData => new KeyAnswer($"no key at {name}", false, []),
            _ => new KeyAnswer(null, false, [.. answer.Records.OfType<TxtRecord>().Take(MaximumRead).Select(r => r.Text)]),
        };
    }
}
