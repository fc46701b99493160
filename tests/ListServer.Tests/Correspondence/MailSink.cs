using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using ListServer.MailAuth;
using ListServer.Smtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Tests.Correspondence;

/// <summary>A mail as its recipients' provider got it.</summary>
internal sealed record Delivered(string ReversePath, ImmutableArray<string> Recipients, byte[] Octets)
{
    public RawMessage Message => RawMessage.Parse(Octets);

    public string Text => Encoding.UTF8.GetString(Octets);

    /// <summary>The text of a notice in another script.</summary>
    public string Base64Text => Encoding.UTF8.GetString(Convert.FromBase64String(Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));

    /// <summary>The value of the first field of that name, on one line; empty when there is none.</summary>
    public string Field(string name) => Encoding.UTF8.GetString(
        Message.Fields.Where(field => field.Is(name)).Select(field => field.RawValue.ToArray()).FirstOrDefault([])).Replace("\r\n", "", StringComparison.Ordinal).Trim();
}

/// <summary>All the providers there are: takes everything, and keeps it with its envelope.</summary>
internal sealed class MailSink : IReception, IAsyncDisposable
{
    private readonly SmtpListener _listener;
    private readonly List<Delivered> _mail = [];

    public MailSink() => _listener = new SmtpListener(
        new SmtpEndpoint { Role = SmtpRole.Relay, ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0), HostName = "mx.sink.example" },
        this, TimeProvider.System, NullLoggerFactory.Instance);

    public IPEndPoint EndPoint => (IPEndPoint)_listener.BoundEndPoint;

    public IReadOnlyList<Delivered> Mail
    {
        get
        {
            lock (_mail)
            {
                return [.. _mail];
            }
        }
    }

    public Task StartAsync() => _listener.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    public ValueTask<SmtpReply> MailAsync(SmtpClientInfo client, string reversePath, long? declaredSize, CancellationToken cancellationToken) => new(SmtpReply.Ok());

    public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, string reversePath, string forwardPath, CancellationToken cancellationToken) => new(SmtpReply.Ok());

    public ValueTask<bool> AuthenticateAsync(SmtpClientInfo client, string name, string password, CancellationToken cancellationToken) => new(false);

    public ValueTask<IMessageSink> OpenAsync(Transaction transaction, CancellationToken cancellationToken) => new(new Taker(this, transaction));

    private sealed class Taker(MailSink sink, Transaction transaction) : IMessageSink
    {
        private readonly MemoryStream _octets = new();

        public ValueTask WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
        {
            _octets.Write(octets.ToArray());
            return ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<SmtpReply>> CompleteAsync(CancellationToken cancellationToken)
        {
            lock (sink._mail)
            {
                sink._mail.Add(new Delivered(transaction.ReversePath, transaction.ForwardPaths, _octets.ToArray()));
            }

            return new([SmtpReply.Ok()]);
        }

        public ValueTask DisposeAsync() => _octets.DisposeAsync();
    }
}
