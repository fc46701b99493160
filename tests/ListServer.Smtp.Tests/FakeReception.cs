using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace ListServer.Smtp.Tests;

/// <summary>Takes all mail for example.org and remembers what it was told.</summary>
internal sealed class FakeReception : IReception
{
    private int _opened;

    public ConcurrentQueue<AcceptedMessage> Messages { get; } = [];

    public ConcurrentQueue<SmtpClientInfo> Senders { get; } = [];

    public ConcurrentQueue<string> Passwords { get; } = [];

    /// <summary>Sinks opened, whatever became of them.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>Sinks not disposed yet.</summary>
    public int StillOpen;

    /// <summary>Octets of all messages so far.</summary>
    public long Octets;

    /// <summary>Messages whose end has been reached.</summary>
    public int Completing;

    public Func<string, SmtpReply> AnswerRecipient { get; set; } =
        path => path.EndsWith("@example.org", StringComparison.Ordinal) || path.Equals("postmaster", StringComparison.OrdinalIgnoreCase)
            ? new SmtpReply(250, "2.1.5", "OK")
            : new SmtpReply(550, "5.1.1", "No such list");

    public Func<Transaction, IReadOnlyList<SmtpReply>>? AnswerMessage { get; set; }

    public Func<CancellationToken, Task> BeforeComplete { get; set; } = _ => Task.CompletedTask;

    public Func<CancellationToken, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    public ValueTask<SmtpReply> MailAsync(SmtpClientInfo client, string reversePath, long? declaredSize, CancellationToken cancellationToken)
    {
        Senders.Enqueue(client);
        return ValueTask.FromResult(new SmtpReply(250, "2.1.0", "OK"));
    }

    public ValueTask<SmtpReply> RecipientAsync(
        SmtpClientInfo client, string reversePath, string forwardPath, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AnswerRecipient(forwardPath));

    public ValueTask<IMessageSink> OpenAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _opened);
        Interlocked.Increment(ref StillOpen);
        return ValueTask.FromResult<IMessageSink>(new Sink(this, transaction));
    }

    public ValueTask<bool> AuthenticateAsync(SmtpClientInfo client, string name, string password, CancellationToken cancellationToken)
    {
        Passwords.Enqueue($"{name}:{password}");
        return ValueTask.FromResult(password == "secret");
    }

    internal sealed record AcceptedMessage(Transaction Transaction, string Octets);

    private sealed class Sink(FakeReception reception, Transaction transaction) : IMessageSink
    {
        private readonly MemoryStream _octets = new();

        public async ValueTask WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
        {
            await reception.BeforeWrite(cancellationToken);
            foreach (var segment in octets)
                _octets.Write(segment.Span);
            Interlocked.Add(ref reception.Octets, octets.Length);
        }

        public async ValueTask<IReadOnlyList<SmtpReply>> CompleteAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref reception.Completing);
            await reception.BeforeComplete(cancellationToken);
            if (reception.AnswerMessage?.Invoke(transaction) is { } replies)
                return replies;
            reception.Messages.Enqueue(new AcceptedMessage(transaction, Encoding.Latin1.GetString(_octets.ToArray())));
            var isLmtp = transaction.Client.Protocol.Contains("LMTP", StringComparison.Ordinal);
            return [.. Enumerable.Repeat(SmtpReply.Ok("Kept"), isLmtp ? transaction.ForwardPaths.Length : 1)];
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref reception.StillOpen);
            return _octets.DisposeAsync();
        }
    }
}
