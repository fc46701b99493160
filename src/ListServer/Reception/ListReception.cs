using ListServer.Configuration;
using ListServer.Lists;
using ListServer.Smtp;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Reception;

/// <summary>What stands behind our SMTP and LMTP endpoints: only our own addresses receive, and octets go straight to the spool.</summary>
internal sealed partial class ListReception(
    ListStore store, ServerOptions options, Acceptance acceptance, AccountDoor accounts, ReceptionRole role, ILogger<ListReception> log) : IReception
{
    private static readonly SmtpReply Relaying = new(550, "5.7.1", "We take mail for our own lists only");
    private static readonly SmtpReply NoSuchAddress = new(550, "5.1.1", "There is no such address here");
    private static readonly SmtpReply NoRoom = new(452, "4.3.1", "The disk is nearly full, try again later");

    /// <inheritdoc/>
    public ValueTask<SmtpReply> MailAsync(SmtpClientInfo client, string reversePath, long? declaredSize, CancellationToken cancellationToken) =>
        new(store.Spool.HasRoomFor(options.Smtp.MaxMessageOctets) ? SmtpReply.Ok("Sender noted") : NoRoom);

    /// <inheritdoc/>
    public ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, string reversePath, string forwardPath, CancellationToken cancellationToken)
    {
        if (Resolve(forwardPath) is not null)
        {
            return new(new SmtpReply(250, "2.1.5", "Recipient noted"));
        }

        var at = forwardPath.LastIndexOf('@');
        return new(at >= 0 && store.FindDomain(forwardPath[(at + 1)..]) is not null ? NoSuchAddress : Relaying);
    }

    /// <inheritdoc/>
    public ValueTask<IMessageSink> OpenAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        var recipients = transaction.ForwardPaths.Select(path => Resolve(path) ?? throw new InvalidOperationException("Only resolved paths are accepted at RCPT."));
        var arrival = new Arrival(transaction, [.. recipients], role);
        return new(new SpoolSink(store.Spool.Create(), arrival, acceptance, problem => LogDiskProblem(log, transaction.Client.SessionId, problem)));
    }

    /// <inheritdoc/>
    public ValueTask<bool> AuthenticateAsync(SmtpClientInfo client, string name, string password, CancellationToken cancellationToken) =>
        new(accounts.OpensFor(name, password, client.ClientAddress));

    private ListAddress? Resolve(string path) =>
        ListAddress.TryParse(path, address => store.FindList(address), domain => store.FindDomain(domain) is { SendsNothing: false }, out var found) ? found : null;

    [LoggerMessage(1, LogLevel.Error, "Session {SessionId}: the message could not be kept")]
    private static partial void LogDiskProblem(ILogger logger, string sessionId, Exception problem);
}

/// <summary>How a message came in.</summary>
internal enum ReceptionRole
{
    /// <summary>From another server.</summary>
    Relay,

    /// <summary>From a person's program, under an account.</summary>
    Submission,

    /// <summary>From the MTA in front.</summary>
    Lmtp,
}

/// <summary>A transaction whose recipients are resolved.</summary>
/// <param name="Transaction">The envelope as it came.</param>
/// <param name="Recipients">What each forward-path is for, in order.</param>
/// <param name="Role">Which door it came through.</param>
internal sealed record Arrival(Transaction Transaction, IReadOnlyList<ListAddress> Recipients, ReceptionRole Role);
