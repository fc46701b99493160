using Microsoft.Extensions.Logging;

namespace ListServer.Smtp;

/// <summary>One session, from greeting to farewell. The other parts of this class are its commands, by noun.</summary>
internal sealed partial class SmtpSession(SmtpWire wire, SmtpEndpoint endpoint, IReception reception, SmtpPeer peer, ILogger logger)
    : IAsyncDisposable
{
    private readonly SmtpLimits _limits = endpoint.Limits;
    private readonly LineFinder _commands = LineFinder.ForCommands(endpoint.Limits);
    private readonly LineFinder _authAnswers = LineFinder.ForAuthAnswers(endpoint.Limits);
    private readonly MessageReader _messages = new(wire, endpoint.Limits);
    private readonly Conduct _conduct = new(endpoint.Limits);
    private SmtpClientInfo _client = peer.Introduce();
    private ForwardedClient _forwarded = ForwardedClient.Unknown;
    private ForwardedClient? _forwardedForMail;
    private MailInProgress? _mail;
    private bool _isExtended;
    private bool _isOver;

    private bool IsLmtp => endpoint.Role == SmtpRole.Lmtp;

    private bool HasHello => _client.Helo.Length > 0;

    private bool IsSecure => wire.Tls is not null;

    /// <summary>Speaks until either side has had enough. What the reception throws comes out of here; all else is an answer.</summary>
    public async Task RunAsync()
    {
        if (endpoint.IsTlsImplicit && !await SecureAsync())
            return;
        Greet();
        while (!_isOver)
        {
            var line = await wire.ReadLineAsync(_commands);
            if (line.Outcome == LineOutcome.Gone)
                SayFarewell();
            else
                await AnswerAsync(line);
        }
    }

    /// <summary>Forgets a message that was not handed over.</summary>
    public ValueTask DisposeAsync() => ForgetMailAsync();

    private async ValueTask AnswerAsync(LineRead line)
    {
        switch (line.Outcome)
        {
            case LineOutcome.TooLong:
                Reply(Replies.LineTooLong);
                break;
            case LineOutcome.BadOctets:
                Reply(Replies.BadOctets);
                break;
            case LineOutcome.BareLineFeed:
                // Where this peer sees line ends we cannot know, so nothing behind it is obeyed (SEC-7).
                ReplyAndEnd(Replies.BareLineFeed);
                break;
            default:
                await ObeyAsync(SmtpCommand.Parse(line.Text));
                break;
        }
        if (!_isOver && _conduct.Verdict is { } verdict)
            ReplyAndEnd(verdict);
    }

    private ValueTask ObeyAsync(SmtpCommand command) => command.Verb switch
    {
        "EHLO" or "HELO" or "LHLO" => HelloAsync(command),
        "MAIL" => MailAsync(command.Argument),
        "RCPT" => RecipientAsync(command.Argument),
        "DATA" => DataAsync(command.Argument),
        "BDAT" => ChunkAsync(command.Argument),
        "RSET" => ResetAsync(command.Argument),
        "STARTTLS" => StartTlsAsync(command.Argument),
        "AUTH" => AuthAsync(command.Argument),
        "XCLIENT" when peer.IsTrusted => XclientAsync(command.Argument),
        "XFORWARD" when peer.IsTrusted => Now(Xforward(command.Argument)),
        "NOOP" => Now(Junk(SmtpReply.Ok())),
        "VRFY" => Now(Junk(command.Argument.Length == 0 ? Replies.ArgumentWanted : Replies.CannotVerify)),
        "HELP" => Now(Junk(Replies.Help)),
        "QUIT" => Quit(command.Argument),
        "EXPN" or "TURN" or "ETRN" or "SEND" or "SOML" or "SAML" => Now(Replies.NotOffered),
        // A web page that makes a browser talk to us (cross-protocol attack) brings its own commands behind these.
        "GET" or "POST" or "PUT" or "HEAD" or "CONNECT" or "OPTIONS" => End(Replies.NotMail),
        _ => Now(Replies.UnknownCommand),
    };

    private void Greet() => wire.Write(new SmtpReply(220, "", $"{endpoint.HostName} {(IsLmtp ? "LMTP" : "ESMTP")}"));

    private SmtpReply Junk(SmtpReply reply)
    {
        _conduct.NoteJunk();
        return reply;
    }

    private async ValueTask ResetAsync(string argument)
    {
        if (argument.Length > 0)
        {
            Reply(Replies.NoArgumentWanted);
            return;
        }
        await ForgetMailAsync();
        Reply(Junk(SmtpReply.Ok()));
    }

    private ValueTask Quit(string argument) => argument.Length > 0 ? Now(Replies.NoArgumentWanted) : End(Replies.Bye);

    private void Reply(SmtpReply reply)
    {
        _conduct.Note(reply);
        Say(reply);
    }

    private void ReplyAndEnd(SmtpReply reply)
    {
        Say(reply);
        _isOver = true;
    }

    /// <summary>421 is the one reply that ends the session (RFC 5321 §3.8), whoever gave it.</summary>
    private void Say(SmtpReply reply)
    {
        wire.Write(reply);
        _isOver |= reply.Code == 421;
    }

    private ValueTask Now(SmtpReply reply)
    {
        Reply(reply);
        return ValueTask.CompletedTask;
    }

    private ValueTask End(SmtpReply reply)
    {
        ReplyAndEnd(reply);
        return ValueTask.CompletedTask;
    }

    /// <summary>The line is at its end, or we were told from outside to end: only then is there something to say.</summary>
    private void SayFarewell()
    {
        _isOver = true;
        if (!wire.IsCut)
            return;
        Log.SentAway(logger, _client.SessionId, peer.Address, wire.Farewell);
        Say(Replies.For(wire.Farewell));
    }

    private async ValueTask ForgetMailAsync()
    {
        _forwardedForMail = null;
        if (_mail is not { } mail)
            return;
        _mail = null;
        await mail.DisposeAsync();
    }
}
