using System.Globalization;
using System.Net;
using ListServer.Admin.Posts;
using ListServer.Configuration;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Author;
using ListServer.MailAuth.Spf;
using ListServer.Metrics;
using ListServer.Smtp;
using ListServer.Store;

namespace ListServer.Reception;

/// <summary>Finds out who really sent a message (order of operations, step 3).</summary>
internal sealed class Verification(MessageAuthenticator authenticator, ListStore store, ServerOptions options, TimeProvider time, Instruments instruments)
{
    public async Task<Verified> VerifyAsync(RawMessage message, Arrival arrival, CancellationToken cancellationToken)
    {
        var client = arrival.Transaction.Client;
        var (address, helo, isOriginKnown) = Origin(message, arrival);
        var started = time.GetUtcNow();
        var known = isOriginKnown && arrival.Role != ReceptionRole.Lmtp ? null : TrustedResults.Spf(message, options.Lmtp) ?? Unknown(isOriginKnown, arrival);
        var report = await authenticator.VerifyAsync(
            message, address, helo, arrival.Transaction.ReversePath, knownMailFrom: known, cancellationToken: cancellationToken);
        instruments.Verification(report);
        var envelope = new Envelope(
            address.ToString(),
            helo,
            arrival.Transaction.ReversePath,
            client.Protocol,
            client.TlsVersion is null ? null : $"{client.TlsVersion} {client.TlsCipher}",
            BoundAddress(client.Account, report));
        var results = ReportResults.From(report, address, options.HostName).Write();
        return new Verified(envelope, report with { Lookups = [] }, results, [Received(started, envelope, message, client), .. Found(report)]) { IsSourceKnown = isOriginKnown };
    }

    /// <summary>Finds out about a message that was given to us on this machine, under the author's name.</summary>
    /// <param name="message">The octets.</param>
    /// <param name="by">Who gave it, in words.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    public async Task<Verified> VerifyLocalAsync(RawMessage message, string by, CancellationToken cancellationToken)
    {
        var verified = await TryLocalAsync(message, by, cancellationToken);
        instruments.Verification(verified.Report);
        return verified;
    }

    /// <summary>The same for a message that is only tried. It is not counted among those that came.</summary>
    /// <param name="message">The octets.</param>
    /// <param name="by">Who gives it, in words.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    public async Task<Verified> TryLocalAsync(RawMessage message, string by, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();

        // No network lies between: SPF has nothing to say, for either identity.
        var report = await authenticator.VerifyAsync(
            message, IPAddress.Loopback, options.HostName, mailFrom: "", knownMailFrom: new SpfResult(SpfVerdict.None, "", "given on this machine"), cancellationToken: cancellationToken);
        var envelope = new Envelope(IPAddress.Loopback.ToString(), options.HostName, AuthorAddress.Of(report) ?? "", "local");
        var received = new TraceEvent(started, TraceStage.Reception, "received", string.Create(
            CultureInfo.InvariantCulture, $"{message.Octets.Length} octets on this machine, from {by}"));
        return new Verified(
            envelope, report with { Lookups = [] }, ReportResults.From(report, IPAddress.Loopback, options.HostName).Write(), [received, .. Found(report)]);
    }

    /// <summary>Finds out about a message as if it came in now. It is not counted among those that did.</summary>
    /// <param name="message">The octets.</param>
    /// <param name="origin">The client to think of. Without its address SPF has nothing to say; without a reverse-path it is the author's.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    public async Task<Verified> TryAsync(RawMessage message, TrialOrigin origin, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var client = origin.Client is null ? IPAddress.Loopback : IPAddress.Parse(origin.Client);
        var reversePath = origin.MailFrom ?? AuthorAddress.Of(AuthorField.Read(message)) ?? "";
        var known = origin.Client is null ? new SpfResult(SpfVerdict.None, MemberAddress.DomainOf(reversePath), "the client's address is not given") : null;
        var report = await authenticator.VerifyAsync(message, client, origin.Helo, reversePath, knownMailFrom: known, cancellationToken: cancellationToken);
        var envelope = new Envelope(client.ToString(), origin.Helo, reversePath, "ESMTP");
        var received = new TraceEvent(started, TraceStage.Reception, "tried", string.Create(
            CultureInfo.InvariantCulture, $"{message.Octets.Length} octets as if from {(origin.Helo.Length > 0 ? origin.Helo : "a client without a name")} [{origin.Client ?? "address not given"}], MAIL FROM <{reversePath}>"));
        return new Verified(
            envelope, report with { Lookups = [] }, ReportResults.From(report, client, options.HostName).Write(), [received, .. Found(report)]);
    }

    private (IPAddress Address, string Helo, bool IsKnown) Origin(RawMessage message, Arrival arrival)
    {
        var client = arrival.Transaction.Client;
        if (arrival.Role != ReceptionRole.Lmtp || client.IsForwarded)
        {
            return (client.ClientAddress, client.Helo, true);
        }

        return ClientOrigin.Read(message, options.Lmtp.TrustedReceived) is { } origin
            ? (origin.Address, origin.Helo, true)
            : (client.ClientAddress, client.Helo, false);
    }

    // SPF of the MTA in front says nothing about the client behind it, and must never pass for the client's.
    private static SpfResult? Unknown(bool isOriginKnown, Arrival arrival) => isOriginKnown
        ? null
        : new SpfResult(SpfVerdict.None, MemberAddress.DomainOf(arrival.Transaction.ReversePath), "the client's address is not known");

    // AUTH-63: an account stands for its own addresses only.
    private string? BoundAddress(string? account, AuthenticationReport report) =>
        account is not null
            ? store.FindAccount(account)?.Addresses.FirstOrDefault(address => address.Equals(AuthorAddress.Of(report), StringComparison.OrdinalIgnoreCase)) is null ? null : report.Author.Address
            : null;

    private static TraceEvent Received(DateTimeOffset at, Envelope envelope, RawMessage message, SmtpClientInfo client) =>
        new(at, TraceStage.Reception, "received", string.Create(
            CultureInfo.InvariantCulture,
            $"{message.Octets.Length} octets from {envelope.Helo} [{envelope.ClientAddress}] with {envelope.Protocol}, MAIL FROM <{envelope.ReversePath}>, {envelope.Tls ?? "in clear"}, session {client.SessionId}"));

    private IEnumerable<TraceEvent> Found(AuthenticationReport report)
    {
        var now = time.GetUtcNow();
        return Findings.Of(report).Select(finding => new TraceEvent(now, TraceStage.Verification, finding.Outcome, finding.Detail));
    }
}
