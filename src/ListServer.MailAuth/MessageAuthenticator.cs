using System.Net;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Author;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth;

/// <summary>Finds out all about one message as it arrived: SPF, DKIM, ARC and DMARC together, under one limit of time and questions.</summary>
/// <remarks>Safe for concurrent use. Whatever the message or DNS holds is a result; only cancellation throws.</remarks>
public sealed class MessageAuthenticator
{
    private readonly IDnsResolver _resolver;
    private readonly TimeProvider _time;
    private readonly AuthenticationOptions _options;

    /// <summary>Makes an authenticator.</summary>
    /// <param name="resolver">Answers the questions; a <see cref="CachingResolver"/> as a rule.</param>
    /// <param name="time">The clock of expiry and of the time limit.</param>
    /// <param name="options">Null for the defaults.</param>
    public MessageAuthenticator(IDnsResolver resolver, TimeProvider time, AuthenticationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(time);
        _resolver = resolver;
        _time = time;
        _options = options ?? new AuthenticationOptions();
    }

    /// <summary>Verifies a message.</summary>
    /// <param name="message">The message as received, before anything is added.</param>
    /// <param name="client">The SMTP client.</param>
    /// <param name="helo">The HELO or EHLO name as given.</param>
    /// <param name="mailFrom">The reverse-path without angle brackets; empty for the null one.</param>
    /// <param name="at">The moment for which signatures are judged; null for now.</param>
    /// <param name="knownMailFrom">The SPF result of MAIL FROM, when a server in front of us has found it already; null to find it here.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<AuthenticationReport> VerifyAsync(
        RawMessage message,
        IPAddress client,
        string helo,
        string mailFrom,
        DateTimeOffset? at = null,
        SpfResult? knownMailFrom = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(helo);
        ArgumentNullException.ThrowIfNull(mailFrom);
        using var dns = new MessageResolver(_resolver, _time, _options.MaximumDnsQueries, _options.Timeout, cancellationToken);
        var clock = at is { } moment ? new ClockAt(moment) : _time;
        var author = AuthorField.Read(message);
        var dmarc = new DmarcEvaluation(dns, author);
        var spf = new SpfEvaluator(dns, clock, new SpfOptions { Timeout = _options.Timeout, ReceiverName = _options.ReceiverName });

        // All but DMARC's conclusion is independent of each other: the questions go out first, then come the hashes.
        var discovery = dmarc.DiscoverAsync(cancellationToken).AsTask();
        var fromTask = knownMailFrom is null
            ? spf.CheckMailFromAsync(client, helo, mailFrom, cancellationToken).AsTask()
            : Task.FromResult(knownMailFrom);

        // For the null reverse-path both identities are postmaster@HELO (RFC 7208 §2.4).
        var heloTask = mailFrom.Length == 0 ? fromTask : spf.CheckHeloAsync(client, helo, cancellationToken).AsTask();
        var dkimTask = new DkimVerifier(dns, _options.Dkim, clock).VerifyAsync(message, cancellationToken);
        var arcTask = new ArcVerifier(dns, _options.Arc, clock).VerifyAsync(message, cancellationToken);
        await Task.WhenAll(discovery, fromTask, heloTask, dkimTask, arcTask).ConfigureAwait(false);

        var spfResult = await fromTask.ConfigureAwait(false);
        var dkim = await dkimTask.ConfigureAwait(false);
        return new AuthenticationReport(
            author,
            spfResult,
            await heloTask.ConfigureAwait(false),
            dkim,
            await arcTask.ConfigureAwait(false),
            await dmarc.ConcludeAsync(spfResult, dkim, cancellationToken).ConfigureAwait(false))
        {
            Lookups = dns.Lookups,
        };
    }

    /// <summary>The system's clock, but for the time of day.</summary>
    private sealed class ClockAt(DateTimeOffset moment) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => moment;
    }
}
