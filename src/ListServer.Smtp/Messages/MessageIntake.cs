using System.Buffers;

namespace ListServer.Smtp;

/// <summary>One message on its way into the sink: counts and checks the octets, and hands on only what is clean.</summary>
internal sealed class MessageIntake(IMessageSink sink, long maxSize) : IAsyncDisposable
{
    private readonly LineEndings _lineEndings = new();

    /// <summary>Octets so far, those of a message at fault included.</summary>
    public long Size { get; private set; }

    /// <summary>Once it is set, nothing reaches the sink any more; the rest is only read to find the message's end.</summary>
    public MessageFault Fault { get; private set; }

    public async ValueTask TakeAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        Size += octets.Length;
        if (Fault != MessageFault.None || octets.IsEmpty)
            return;
        Fault = Size > maxSize ? MessageFault.TooLarge : _lineEndings.Check(octets.Span);
        if (Fault == MessageFault.None)
            await sink.WriteAsync(new ReadOnlySequence<byte>(octets), cancellationToken);
    }

    /// <summary>Hands the message over. Only when there is no fault.</summary>
    public ValueTask<IReadOnlyList<SmtpReply>> CompleteAsync(CancellationToken cancellationToken) => sink.CompleteAsync(cancellationToken);

    /// <summary>To be called when the last octet was taken.</summary>
    public void End()
    {
        if (Fault == MessageFault.None)
            Fault = _lineEndings.CheckEnd();
    }

    public ValueTask DisposeAsync() => sink.DisposeAsync();
}
