using System.Collections.Concurrent;

namespace ListServer.MailAuth.Dns;

/// <summary>
/// Keeps another resolver's answers for their TTL, within caps, and sends identical questions that are under way only once.
/// </summary>
/// <remarks>
/// Safe for concurrent use. One cache stands in front of one resolver: two servers may mean two things by a name.
/// The size is bounded by two generations: when the young one is full it becomes the old one, and the old one is dropped;
/// an answer that is used again moves to the young one. An answer of many octets counts as several, and one of very many is not kept.
/// </remarks>
public sealed class CachingResolver : IDnsResolver
{
    /// <summary>An ordinary answer is not larger; a larger one counts as several.</summary>
    private const int OctetsOfOne = 512;

    /// <summary>Nobody needs a larger one; a hundred of them would push everybody's answers out.</summary>
    private const int LargestKept = 16 * 1024;
    private const int OctetsOfARecord = 32;

    private readonly IDnsResolver _inner;
    private readonly TimeProvider _time;
    private readonly CachingResolverOptions _options;
    private readonly ConcurrentDictionary<Question, Task<DnsAnswer>> _underWay = new();
    private volatile Generations _kept = new(new(), new());

    /// <summary>Makes an empty cache in front of a resolver.</summary>
    public CachingResolver(IDnsResolver inner, TimeProvider time, CachingResolverOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(time);
        _inner = inner;
        _time = time;
        _options = options ?? new CachingResolverOptions();
    }

    /// <inheritdoc/>
    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        cancellationToken.ThrowIfCancellationRequested();
        var question = new Question(name.EndsWith('.') ? name[..^1] : name, type);
        return Find(question) is { } answer ? ValueTask.FromResult(answer) : new ValueTask<DnsAnswer>(AskAsync(question, cancellationToken));
    }

    private DnsAnswer? Find(Question question)
    {
        var kept = _kept;
        var isYoung = kept.Young.TryGetValue(question, out var entry);
        if (!isYoung && !kept.Old.TryGetValue(question, out entry))
        {
            return null;
        }

        if (_time.GetTimestamp() >= entry.Until)
        {
            return null;
        }

        if (!isYoung)
        {
            Put(question, entry);
        }

        return entry.Answer;
    }

    /// <summary>The first asker's question serves all who ask the same meanwhile; each waits only as long as its own token lets it.</summary>
    private async Task<DnsAnswer> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var promise = new TaskCompletionSource<DnsAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = _underWay.GetOrAdd(question, promise.Task);
        if (task == promise.Task)
        {
            _ = FetchAsync(question, promise);
        }

        return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task FetchAsync(Question question, TaskCompletionSource<DnsAnswer> promise)
    {
        try
        {
            // Another's question may have been answered since this one's asker looked.
            if (Find(question) is not { } answer)
            {
                // No asker's token: the others would lose the answer with it. The resolver behind has its own time limit.
                answer = await _inner.QueryAsync(question.Name, question.Type, CancellationToken.None).ConfigureAwait(false);
                Keep(question, answer);
            }

            promise.SetResult(answer);
        }
        catch (Exception e) when (promise.TrySetException(e))
        {
            // A broken resolver is its askers' exception; nobody else waits for this task.
        }
        finally
        {
            _underWay.TryRemove(question, out _);
        }
    }

    private void Keep(Question question, DnsAnswer answer)
    {
        var cap = answer.Status switch
        {
            DnsStatus.Success => _options.MaxPositive,
            DnsStatus.Failure => _options.Failure,
            _ => _options.MaxNegative,
        };
        var span = answer.Status == DnsStatus.Failure || answer.TimeToLive > cap ? cap : answer.TimeToLive;
        if (span > TimeSpan.Zero && Octets(answer) <= LargestKept)
        {
            Put(question, new Entry(answer, _time.GetTimestamp() + (long)(span.TotalSeconds * _time.TimestampFrequency)));
        }
    }

    private void Put(Question question, Entry entry)
    {
        var kept = _kept;
        if (kept.Weight >= Math.Max(1, _options.MaxAnswers / 2))
        {
            // Of two threads that come here at once the second finds the new generation: nothing but an early drop can go wrong.
            Interlocked.CompareExchange(ref _kept, new Generations(new(), kept.Young), kept);
            kept = _kept;
        }

        kept.Young[question] = entry;
        kept.Add(Weight(entry.Answer));
    }

    private static int Weight(DnsAnswer answer) => 1 + (Octets(answer) / OctetsOfOne);

    private static int Octets(DnsAnswer answer) => answer.Records.Sum(record => OctetsOfARecord + record switch
    {
        TxtRecord text => text.Text.Length,
        TlsaRecord tlsa => tlsa.Association.Length,
        MXRecord mx => mx.Exchange.Length,
        NameRecord name => name.Name.Length,
        _ => 0,
    });

    private sealed class Generations(ConcurrentDictionary<Question, Entry> young, ConcurrentDictionary<Question, Entry> old)
    {
        private int _weight;

        public ConcurrentDictionary<Question, Entry> Young => young;

        public ConcurrentDictionary<Question, Entry> Old => old;

        /// <summary>What the young ones count; what replaces another is counted beside it.</summary>
        public int Weight => Volatile.Read(ref _weight);

        public void Add(int weight) => Interlocked.Add(ref _weight, weight);
    }

    private readonly record struct Entry(DnsAnswer Answer, long Until);

    private readonly struct Question(string name, DnsRecordType type) : IEquatable<Question>
    {
        public string Name { get; } = name;

        public DnsRecordType Type { get; } = type;

        public bool Equals(Question other) => Type == other.Type && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

        public override bool Equals(object? obj) => obj is Question other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Name), Type);
    }
}
