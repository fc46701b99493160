using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ListServer.Outbound.Tls;
using ListServer.Smtp;

namespace ListServer.Outbound;

/// <summary>What is said on a new connection before the first transaction.</summary>
internal sealed class SmtpHandshake(Wire wire, Hop hop, OutboundOptions options, X509Certificate2Collection? roots, TimeProvider clock)
{
    private readonly string _host = hop.ToString();

    /// <summary>What the server offers, as it said last: what it said before TLS is forgotten (RFC 3207 §4.2).</summary>
    public ServerCapabilities Capabilities { get; private set; } = ServerCapabilities.None;

    /// <summary>What was wrong with TLS, even where that changes nothing; null when nothing was.</summary>
    public TlsFault? Fault { get; private set; }

    /// <summary>True when it failed in the TLS handshake itself, so that clear text may work.</summary>
    public bool IsTlsBroken { get; private set; }

    /// <summary>Runs it. Null when the session is ready, else what happened.</summary>
    public async Task<Outcome?> RunAsync() =>
        (hop.Tls == TlsMode.Implicit ? await EncryptAsync().ConfigureAwait(false) : null)
        ?? await HearBannerAsync().ConfigureAwait(false)
        ?? await GreetAsync().ConfigureAwait(false)
        ?? (hop.Tls is TlsMode.Opportunistic or TlsMode.Required ? await StartTlsAsync().ConfigureAwait(false) : null)
        ?? (hop.Credential is { } credential ? await LogInAsync(credential).ConfigureAwait(false) : null);

    private async Task<Outcome?> HearBannerAsync() =>
        await wire.ReadAsync(options.CommandTimeout).ConfigureAwait(false) is var banner && banner is { Code: 220 }
            ? null
            : Judge(banner, SessionPhase.Banner);

    private async Task<Outcome?> GreetAsync()
    {
        var reply = await AskAsync("EHLO " + options.Greeting).ConfigureAwait(false);
        if (reply is { Code: 250 })
        {
            Capabilities = ServerCapabilities.Parse(reply.Text);
            return null;
        }

        // A server older than EHLO (RFC 5321 §3.2); one that merely closes says 421 or nothing.
        Capabilities = ServerCapabilities.None;
        reply = reply is { Code: >= 500 } ? await AskAsync("HELO " + options.Greeting).ConfigureAwait(false) : reply;
        return reply is { Code: 250 } ? null : Judge(reply, SessionPhase.Hello);
    }

    private async Task<Outcome?> StartTlsAsync()
    {
        if (!Capabilities.StartTls)
        {
            return Missing("STARTTLS is not offered");
        }

        var reply = await AskAsync("STARTTLS").ConfigureAwait(false);
        if (reply is not { Code: 220 })
        {
            return reply is null or { Code: 421 } ? Judge(reply, SessionPhase.Tls)
                : Missing($"STARTTLS was answered {reply.Code} {reply.Text}");
        }

        // Whatever came in clear behind the reply did not come from whom TLS will prove (SEC-8, CVE-2011-0411).
        if (wire.HasUnread)
        {
            return Broken("octets in clear behind the reply to STARTTLS");
        }

        return await EncryptAsync().ConfigureAwait(false) ?? await GreetAsync().ConfigureAwait(false);
    }

    private async Task<Outcome?> EncryptAsync()
    {
        var check = new CertificateCheck(hop, roots, clock);
        if (await wire.StartTlsAsync(check.ToOptions(), options.TlsTimeout).ConfigureAwait(false))
        {
            Fault = check.Fault;
            return null;
        }

        IsTlsBroken = !wire.IsStopped;
        return wire.IsStopped ? Judge(null, SessionPhase.Tls)
            : check.Fault is { } fault ? Insecure(fault)
            : Broken($"TLS failed: {wire.Fault}");
    }

    /// <summary>AUTH PLAIN (RFC 4616), or LOGIN where there is nothing better; only over TLS that proved the host's name.</summary>
    private async Task<Outcome?> LogInAsync(SubmissionCredential credential)
    {
        if (wire.Tls is null || hop.Tls is not (TlsMode.Required or TlsMode.Implicit))
        {
            return Denied("a password is sent over verified TLS only");
        }

        SmtpReply? reply;
        if (Capabilities.AuthMechanisms.Contains("PLAIN"))
        {
            reply = await AskAsync("AUTH PLAIN " + Base64($"\0{credential.User}\0{credential.Password}")).ConfigureAwait(false);
        }
        else if (Capabilities.AuthMechanisms.Contains("LOGIN"))
        {
            reply = await AskAsync("AUTH LOGIN").ConfigureAwait(false);
            reply = reply is { Code: 334 } ? await AskAsync(Base64(credential.User)).ConfigureAwait(false) : reply;
            reply = reply is { Code: 334 } ? await AskAsync(Base64(credential.Password)).ConfigureAwait(false) : reply;
        }
        else
        {
            return Denied("the server offers neither AUTH PLAIN nor AUTH LOGIN");
        }

        return reply is { Code: 235 } ? null
            : reply is null or { Code: 421 } ? Judge(reply, SessionPhase.Auth)
            : Denied($"the server did not log us in: {reply.Code} {reply.EnhancedCode} {reply.Text}");
    }

    private async Task<SmtpReply?> AskAsync(string line)
    {
        wire.Output.Write(Encoding.ASCII.GetBytes(line + "\r\n"));
        return await wire.FlushAsync(options.CommandTimeout).ConfigureAwait(false)
            ? await wire.ReadAsync(options.CommandTimeout).ConfigureAwait(false)
            : null;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private Outcome Judge(SmtpReply? reply, SessionPhase phase) =>
        reply is { Code: >= 400 } ? new Outcome(reply, phase, OutcomeCause.Reply, _host)
        : wire.IsStopped ? Outcome.Local(451, "4.3.2", "given up because this server stops", phase, OutcomeCause.Stopped, _host)
        : Outcome.Local(451, "4.4.2", wire.Fault ?? $"an answer out of place: {reply!.Code} {reply.Text}", phase, OutcomeCause.Connection, _host);

    private Outcome? Missing(string text)
    {
        var insecure = Insecure(new TlsFault(TlsFaultKind.StarttlsNotSupported, text));
        return hop.Tls == TlsMode.Required ? insecure : null;
    }

    private Outcome Broken(string text)
    {
        Fault = new TlsFault(TlsFaultKind.ValidationFailure, text);
        return Insecure(text);
    }

    private Outcome Insecure(TlsFault fault)
    {
        Fault = fault;
        return Insecure(fault.ToString());
    }

    private Outcome Insecure(string text) => Outcome.Local(451, "4.7.5", text, SessionPhase.Tls, OutcomeCause.Connection, _host);

    /// <summary>A wrong password is our fault and no recipient's: it keeps mail back and refuses nobody.</summary>
    private Outcome Denied(string text) => Outcome.Local(451, "4.7.8", text, SessionPhase.Auth, OutcomeCause.Connection, _host);
}
