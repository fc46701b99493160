using System.Collections.Immutable;

namespace ListServer.MailAuth.Dns;

/// <summary>
/// One message's way to DNS: it writes down every look-up, and when the message has used up its questions or its time, the
/// remaining answers are failures, so that every mechanism ends by itself with its own temporary error.
/// </summary>
/// <remarks>Safe for concurrent use. Dispose it when the message is done.</remarks>
public sealed class MessageResolver : IDnsResolver, IDisposable
{
    /// <summary>
    /// How many records the answers may hold in all. Honest mail needs some dozens; to take apart an answer of 64 KB costs as much as to verify
    /// a thousand signatures, and SPF alone may ask a hundred times (AUTH-98).
    /// </summary>
    private const int MaxRecords = 2000;

    /// <summary>So many octets of text count as one more record.</summary>
    private const int TextOfRecord = 100;

    private readonly IDnsResolver _inner;
    private readonly TimeProvider _time;
    private readonly int _maxQueries;
    private readonly CancellationToken _messageToken;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenRegistration _link;
    private readonly Lock _lock = new();
    private readonly List<DnsLookup> _lookups = [];
    private int _asked;
    private int _records;

    /// <summary>Starts the clock of one message.</summary>
    /// <param name="inner">The resolver that answers.</param>
    /// <param name="time">The clock of the deadline and of the log.</param>
    /// <param name="maxQueries">How many questions the message may ask (AUTH-98).</param>
    /// <param name="timeout">How long it may wait in all (SEC-15).</param>
    /// <param name="messageToken">Ends the message's work; look-ups that come with the same token cost nothing extra.</param>
    public MessageResolver(
        IDnsResolver inner, TimeProvider time, int maxQueries, TimeSpan timeout, CancellationToken messageToken = default)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(time);
        _inner = inner;
        _time = time;
        _maxQueries = maxQueries;
        _messageToken = messageToken;
        _deadline = new CancellationTokenSource(timeout, time);
        _link = messageToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _deadline);
    }

    /// <summary>The look-ups so far, in the order in which they ended.</summary>
    public ImmutableArray<DnsLookup> Lookups
    {
        get
        {
            lock (_lock)
            {
                return [.. _lookups];
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var start = _time.GetTimestamp();
        var answer = await AskAsync(name, type, cancellationToken).ConfigureAwait(false);
        var lookup = new DnsLookup(name, type, answer, _time.GetElapsedTime(start));
        lock (_lock)
        {
            _lookups.Add(lookup);
        }

        return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _link.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _asked) > _maxQueries)
        {
            return DnsAnswer.Empty(DnsStatus.Failure, reason: "the message has used up its DNS questions");
        }

        if (Volatile.Read(ref _records) > MaxRecords)
        {
            return DnsAnswer.Empty(DnsStatus.Failure, reason: "the answers to the message's DNS questions hold too much");
        }

        if (_deadline.IsCancellationRequested && !_messageToken.IsCancellationRequested)
        {
            return OutOfTime();
        }

        using var both = cancellationToken == _messageToken || !cancellationToken.CanBeCanceled
            ? null
            : CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        try
        {
            var answer = await _inner.QueryAsync(name, type, both?.Token ?? _deadline.Token).ConfigureAwait(false);
            Interlocked.Add(ref _records, answer.Records.Length + (answer.Records.Sum(r => r is TxtRecord txt ? txt.Text.Length : 0) / TextOfRecord));
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !_messageToken.IsCancellationRequested)
        {
            return OutOfTime();
        }
    }

    private static DnsAnswer OutOfTime() => DnsAnswer.Empty(DnsStatus.Failure, reason: "the message has used up its time");
}
