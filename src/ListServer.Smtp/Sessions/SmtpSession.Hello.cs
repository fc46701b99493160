using System.Globalization;
using System.Text;

namespace ListServer.Smtp;

internal sealed partial class SmtpSession
{
    private const string ForwardAttributes = "NAME ADDR PORT PROTO HELO";
    private const string XforwardAttributes = ForwardAttributes + " IDENT SOURCE";

    private async ValueTask HelloAsync(SmtpCommand hello)
    {
        _conduct.NoteJunk();
        // RFC 2033 §4.1: LHLO in the place of EHLO and HELO, and only in LMTP.
        if (IsLmtp != (hello.Verb == "LHLO"))
        {
            Reply(Replies.UnknownCommand);
            return;
        }
        if (!HelloName.IsValid(hello.Argument))
        {
            Reply(Replies.BadHello);
            return;
        }
        await ForgetMailAsync();
        _isExtended = hello.Verb != "HELO";
        _client = _client with { Helo = hello.Argument, Protocol = ProtocolName(isSmtpUtf8: false) };
        Say(new SmtpReply(250, "", _isExtended ? Offers() : endpoint.HostName));
    }

    /// <summary>RFC 5321 §4.1.1.1: our name, then one extension a line. LIMITS is RFC 9422.</summary>
    private string Offers()
    {
        var offers = new StringBuilder(endpoint.HostName)
            .Append("\nPIPELINING\n8BITMIME\nSMTPUTF8\nENHANCEDSTATUSCODES\nCHUNKING")
            .Append(CultureInfo.InvariantCulture, $"\nSIZE {_limits.MaxMessageSize}")
            .Append(CultureInfo.InvariantCulture, $"\nLIMITS RCPTMAX={_limits.MaxRecipients}");
        if (!IsSecure && endpoint.CurrentCertificate() is not null)
            offers.Append("\nSTARTTLS");
        if (IsSecure && endpoint.Role == SmtpRole.Submission)
            offers.Append("\nAUTH PLAIN LOGIN");
        if (peer.IsTrusted)
            offers.Append("\nXCLIENT ").Append(ForwardAttributes).Append("\nXFORWARD ").Append(XforwardAttributes);
        return offers.ToString();
    }

    /// <summary>The "with" keyword (RFC 3848, RFC 6531 §4.3); HELO has none for TLS, and UTF8SMTP takes the place of ESMTP.</summary>
    private string ProtocolName(bool isSmtpUtf8)
    {
        if (!_isExtended)
            return isSmtpUtf8 ? "UTF8SMTP" : "SMTP";
        var name = (isSmtpUtf8, IsLmtp) switch
        {
            (true, true) => "UTF8LMTP",
            (true, false) => "UTF8SMTP",
            (false, true) => "LMTP",
            (false, false) => "ESMTP",
        };
        return name + (IsSecure ? "S" : "") + (_client.Account is null ? "" : "A");
    }

    private async ValueTask XclientAsync(string argument)
    {
        if (_mail is not null)
        {
            Reply(Replies.NotWithinMail);
            return;
        }
        if (!ForwardedClient.TryAdd(_forwarded, argument, ForwardAttributes, out var forwarded))
        {
            Reply(Replies.BadForward);
            return;
        }
        // Back to the greeting, but for what XCLIENT has told (XCLIENT_README, "server response").
        await ForgetMailAsync();
        _forwarded = forwarded;
        _client = _client with { Helo = "", Account = null };
        Reply(new SmtpReply(220, "", $"{endpoint.HostName} {(IsLmtp ? "LMTP" : "ESMTP")}"));
    }

    /// <summary>Holds for the next transaction only.</summary>
    private SmtpReply Xforward(string argument)
    {
        if (_mail is not null)
            return Replies.NotWithinMail;
        if (!ForwardedClient.TryAdd(_forwardedForMail ?? ForwardedClient.Unknown, argument, XforwardAttributes, out var forwarded))
            return Replies.BadForward;
        _forwardedForMail = forwarded;
        return SmtpReply.Ok();
    }

    /// <summary>The client a transaction is from: the peer, or the one that the peer speaks for.</summary>
    private SmtpClientInfo ClientFor(MailCommand mail)
    {
        var forwarded = _forwardedForMail ?? _forwarded;
        return _client with
        {
            ClientAddress = forwarded.Address ?? peer.Address,
            Helo = forwarded.Helo ?? _client.Helo,
            IsForwarded = forwarded.Address is not null,
            Protocol = ProtocolName(mail.IsSmtpUtf8),
        };
    }
}
