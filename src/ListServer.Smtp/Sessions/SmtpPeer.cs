using System.Net;

namespace ListServer.Smtp;

/// <summary>The host at the other end of the connection.</summary>
/// <param name="SessionId">The connection's name in logs.</param>
/// <param name="Address">As the socket has it; 127.0.0.1 for a Unix-domain socket.</param>
/// <param name="IsTrusted">True when it may speak for others by XCLIENT and XFORWARD.</param>
internal sealed record SmtpPeer(string SessionId, IPAddress Address, bool IsTrusted)
{
    /// <summary>What is known before it has said anything.</summary>
    public SmtpClientInfo Introduce() =>
        new(SessionId, Address, Helo: "", Protocol: "", TlsVersion: null, TlsCipher: null, Account: null);
}
