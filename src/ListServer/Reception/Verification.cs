using System.Globalization;
using System.Net;
using ListServer.Configuration;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.AuthenticationResults;
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
        return new Verified(envelope, report with { Lookups = [] }, results, [Received(started, envelope, message, client), .. Found(report)]);
    }

    /// <summary>Finds out about a message that was given to us on this machine, under the author's name.</summary>
    /// <param name="message">The octets.</param>
    /// <param name="by">Who gave it, in words.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    public async Task<Verified> VerifyLocalAsync(RawMessage message, string by, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();

        // No network lies between: SPF has nothing to say, for either identity.
        var report = await authenticator.VerifyAsync(
            message, IPAddress.Loopback, options.HostName, mailFrom: "", knownMailFrom: new SpfResult(SpfVerdict.None, "", "given on this machine"), cancellationToken: cancellationToken);
        instruments.Verification(report);
        var envelope = new Envelope(IPAddress.Loopback.ToString(), options.HostName, AuthorAddress.Of(report) ?? "", "local");
        var received = new TraceEvent(started, TraceStage.Reception, "received", string.Create(
            CultureInfo.InvariantCulture, $"{message.Octets.Length} octets on this machine, from {by}"));
        return new Verified(
            envelope, report with { Lookups = [] }, ReportResults.From(report, IPAddress.Loopback, options.HostName).Write(), [received, .. Found(report)]);
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
        : new SpfResult(SpfVerdict.None, arrival.Transaction.ReversePath[(arrival.Transaction.ReversePath.LastIndexOf('@') + 1)..], "the client's address is not known");

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
        yield return Line($"author={report.Author.Address ?? "none"}", report.Author.Reason ?? "");
        yield return Line($"spf={Word(report.SpfMailFrom.Verdict)}", report.SpfMailFrom.Reason);
        foreach (var dkim in report.Dkim)
        {
            yield return Line($"dkim={Word(dkim.Verdict)}", $"d={dkim.Domain} s={dkim.Selector}: {dkim.Reason}");
        }

        yield return Line($"arc={Word(report.Arc.Verdict)}", report.Arc.Reason);
        yield return Line($"dmarc={Word(report.Dmarc.Verdict)}", $"policy {(report.Dmarc.Policy is { } policy ? Word(policy) : "none published")}: {report.Dmarc.Reason}");

        TraceEvent Line(string outcome, string detail) => new(now, TraceStage.Verification, outcome, detail);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
