using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Threading.Channels;
using ListServer.Smtp;
using Microsoft.Extensions.Logging;

namespace ListServer.Demo;

/// <summary>A copy as the members' provider got it.</summary>
/// <param name="Recipients">To whom.</param>
/// <param name="Octets">What.</param>
internal sealed record DemoDelivery(ImmutableArray<string> Recipients, byte[] Octets);

/// <summary>Stands for all the providers of the demo's members: an SMTP server on loopback that takes everything and shows it.</summary>
internal sealed class DemoSink : IReception, IAsyncDisposable
{
    private readonly SmtpListener _listener;
    private readonly Channel<DemoDelivery> _deliveries = Channel.CreateUnbounded<DemoDelivery>();

    public DemoSink(TimeProvider time, ILoggerFactory logs) => _listener = new SmtpListener(
        new SmtpEndpoint { Role = SmtpRole.Relay, ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0), HostName = "mx.members.example" }, this, time, logs);

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.BoundEndPoint;

    /// <summary>What has come in.</summary>
    public ChannelReader<DemoDelivery> Deliveries => _deliveries.Reader;

    /// <summary>Begins to listen.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _listener.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SmtpReply> MailAsync(SmtpClientInfo client, string reversePath, long? declaredSize, CancellationToken cancellationToken) => new(SmtpReply.Ok());

    /// <inheritdoc/>
    public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, string reversePath, string forwardPath, CancellationToken cancellationToken) => new(SmtpReply.Ok());

    /// <inheritdoc/>
    public ValueTask<IMessageSink> OpenAsync(Transaction transaction, CancellationToken cancellationToken) =>
        new(new Taker(transaction, _deliveries.Writer));

    /// <inheritdoc/>
    public ValueTask<bool> AuthenticateAsync(SmtpClientInfo client, string name, string password, CancellationToken cancellationToken) => new(false);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private sealed class Taker(Transaction transaction, ChannelWriter<DemoDelivery> deliveries) : IMessageSink
    {
        private readonly MemoryStream _octets = new();

        public ValueTask WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
        {
            foreach (var part in octets)
            {
                _octets.Write(part.Span);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<SmtpReply>> CompleteAsync(CancellationToken cancellationToken)
        {
            deliveries.TryWrite(new DemoDelivery(transaction.ForwardPaths, _octets.ToArray()));
            return new([SmtpReply.Ok("Taken")]);
        }

        public ValueTask DisposeAsync() => _octets.DisposeAsync();
    }
}
