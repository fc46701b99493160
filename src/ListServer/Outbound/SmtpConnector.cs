using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using ListServer.Outbound.Tls;

namespace ListServer.Outbound;

/// <summary>A session ready for transactions, or why there is none.</summary>
/// <param name="Connection">The session, the caller's to dispose; null when there is none.</param>
/// <param name="Failure">What happened; null when there is a session.</param>
/// <param name="Fault">What was wrong with TLS, even where that changed nothing; null when nothing was, or nothing is known.</param>
/// <param name="From">The address it left from; null when no connection was made.</param>
public sealed record OpenResult(SmtpClientConnection? Connection, Outcome? Failure, TlsFault? Fault = null, IPAddress? From = null)
{
    /// <summary>True when there is a session.</summary>
    [MemberNotNullWhen(true, nameof(Connection))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOpen => Connection is not null;
}

/// <summary>Opens SMTP sessions: connection, banner, EHLO, TLS, AUTH.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class SmtpConnector(OutboundOptions options, TimeProvider clock)
{
    private readonly X509Certificate2Collection? _roots = LoadRoots(options.TrustFile);

    /// <summary>Opens a session with one host.</summary>
    public Task<OpenResult> OpenAsync(Hop hop, CancellationToken cancellationToken) => OpenAsync(hop, null, cancellationToken);

    /// <summary>Opens a session with one host, on a seat that is given back when the session is closed or does not come about.</summary>
    internal async Task<OpenResult> OpenAsync(Hop hop, IDisposable? seat, CancellationToken cancellationToken)
    {
        var result = await OpenBestAsync(hop, seat, cancellationToken).ConfigureAwait(false);
        if (!result.IsOpen)
        {
            seat?.Dispose();
        }

        return result;
    }

    private async Task<OpenResult> OpenBestAsync(Hop hop, IDisposable? seat, CancellationToken cancellationToken)
    {
        var (result, isHandshakeBroken) = await OpenOnceAsync(hop, seat, cancellationToken).ConfigureAwait(false);

        // TLS that does not work is no reason to keep mail back where none was asked for (RFC 7435 §3).
        return isHandshakeBroken && hop.Tls == TlsMode.Opportunistic
            ? (await OpenOnceAsync(hop with { Tls = TlsMode.None }, seat, cancellationToken).ConfigureAwait(false)).Result with { Fault = result.Fault }
            : result;
    }

    private async Task<(OpenResult Result, bool IsHandshakeBroken)> OpenOnceAsync(Hop hop, IDisposable? seat, CancellationToken cancellationToken)
    {
        var (wire, fault) = await Wire.ConnectAsync(hop, options, clock, cancellationToken).ConfigureAwait(false);
        if (wire is null)
        {
            return (new OpenResult(null, cancellationToken.IsCancellationRequested
                ? Outcome.Local(451, "4.3.2", "given up because this server stops", SessionPhase.Connect, OutcomeCause.Stopped, hop.ToString())
                : Outcome.Local(451, "4.4.1", fault!, SessionPhase.Connect, OutcomeCause.Connection, hop.ToString())), false);
        }

        var handshake = new SmtpHandshake(wire, hop, options, _roots, clock);
        using var stop = wire.StopOn(cancellationToken);
        if (await handshake.RunAsync().ConfigureAwait(false) is not { } failure)
        {
            return (new OpenResult(new SmtpClientConnection(wire, hop, handshake.Capabilities, options, handshake.Fault) { Seat = seat }, null, handshake.Fault, wire.LocalAddress), false);
        }

        var from = wire.LocalAddress;
        await wire.DisposeAsync().ConfigureAwait(false);
        return (new OpenResult(null, failure, handshake.Fault, from), handshake.IsTlsBroken);
    }

    private static X509Certificate2Collection? LoadRoots(string? file)
    {
        if (file is null)
        {
            return null;
        }

        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(file);
        return roots;
    }
}
