using System.Net.Security;
using System.Security.Authentication;

namespace ListServer.Smtp;

internal sealed partial class SmtpSession
{
    private async ValueTask StartTlsAsync(string argument)
    {
        _conduct.NoteJunk();
        // RFC 3207 §4.2 and CVE-2011-0411: what came in clear behind STARTTLS may be a stranger's.
        if (wire.HasUnread())
        {
            ReplyAndEnd(Replies.TooEarly);
            return;
        }
        if (StartTlsRefusal(argument) is { } refusal)
        {
            Reply(refusal);
            return;
        }
        Reply(Replies.ReadyForTls);
        await wire.FlushAsync();
        await ForgetMailAsync();
        _isOver = !await SecureAsync();
    }

    private SmtpReply? StartTlsRefusal(string argument)
    {
        if (argument.Length > 0)
            return Replies.NoArgumentWanted;
        if (IsSecure)
            return Replies.TlsAlready;
        return endpoint.CurrentCertificate() is null ? Replies.NotOffered : null;
    }

    /// <summary>After the handshake all that was said before is forgotten (RFC 3207 §4.2), and a new EHLO demanded.</summary>
    private async ValueTask<bool> SecureAsync()
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = endpoint.CurrentCertificate(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        };
        try
        {
            await wire.SecureAsync(options);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            Log.HandshakeFailed(logger, _client.SessionId, peer.Address, e.Message);
            return false;
        }
        _forwarded = ForwardedClient.Unknown;
        _client = peer.Introduce() with
        {
            TlsVersion = wire.Tls!.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2",
            TlsCipher = wire.Tls.NegotiatedCipherSuite.ToString(),
        };
        return true;
    }
}
