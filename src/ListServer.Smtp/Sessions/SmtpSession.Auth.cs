using System.Buffers.Text;
using System.Text;

namespace ListServer.Smtp;

/// <summary>AUTH (RFC 4954) with PLAIN (RFC 4616) and LOGIN.</summary>
internal sealed partial class SmtpSession
{
    private const string NamePrompt = "VXNlcm5hbWU6";
    private const string PasswordPrompt = "UGFzc3dvcmQ6";

    private async ValueTask AuthAsync(string argument)
    {
        if (AuthRefusal(argument) is { } notNow)
        {
            Reply(notNow);
            return;
        }
        var space = argument.IndexOf(' ');
        var mechanism = (space < 0 ? argument : argument[..space]).ToUpperInvariant();
        var initial = space < 0 ? null : argument[(space + 1)..].TrimStart(' ');
        var given = mechanism switch
        {
            "PLAIN" => await AskPlainAsync(initial),
            "LOGIN" => await AskLoginAsync(initial),
            _ => Replies.UnknownMechanism,
        };
        if (given.Refusal is { } refusal)
            Reply(refusal);
        else if (given.Credentials is { } credentials)
            await AuthenticateAsync(credentials);
    }

    private SmtpReply? AuthRefusal(string argument)
    {
        if (endpoint.Role != SmtpRole.Submission)
            return Replies.NotOffered;
        if (!IsSecure)
            return Replies.TlsForAuth;
        if (!HasHello)
            return Replies.HelloFirst;
        // RFC 4954 §4: not twice, and not within a transaction.
        if (_client.Account is not null)
            return Replies.AuthAlready;
        if (_mail is not null)
            return Replies.NotWithinMail;
        return argument.Length == 0 ? Replies.ArgumentWanted : null;
    }

    private async ValueTask AuthenticateAsync(Credentials credentials)
    {
        if (!await reception.AuthenticateAsync(_client, credentials.Name, credentials.Password, wire.Gone))
        {
            Log.WrongPassword(logger, _client.SessionId, peer.Address);
            _conduct.NoteAuthFailure();
            Reply(Replies.BadCredentials);
            return;
        }
        _client = _client with { Account = credentials.Name };
        Reply(Replies.Authenticated);
    }

    private async ValueTask<AuthStep> AskPlainAsync(string? initial)
    {
        var answer = initial is null ? await AskAsync("") : Decode(initial);
        if (answer.Text is not { } text)
            return answer;
        // RFC 4616 §2: [authzid] NUL authcid NUL passwd. Nobody acts for another here.
        var parts = text.Split('\0');
        return parts is [var actAs, { Length: > 0 } name, { Length: > 0 } password]
            ? actAs.Length == 0 || actAs == name ? new Credentials(name, password) : Replies.BadCredentials
            : Replies.BadBase64;
    }

    private async ValueTask<AuthStep> AskLoginAsync(string? initial)
    {
        var name = initial is null ? await AskAsync(NamePrompt) : Decode(initial);
        if (name.Text is null)
            return name;
        var password = await AskAsync(PasswordPrompt);
        if (password.Text is null)
            return password;
        return name.Text.Length > 0 && password.Text.Length > 0 && !name.Text.Contains('\0') && !password.Text.Contains('\0')
            ? new Credentials(name.Text, password.Text)
            : Replies.BadBase64;
    }

    private async ValueTask<AuthStep> AskAsync(string challenge)
    {
        Reply(Replies.AuthPrompt(challenge));
        var line = await wire.ReadLineAsync(_authAnswers);
        switch (line.Outcome)
        {
            case LineOutcome.Line:
                return line.Text == "*" ? Replies.AuthCancelled : Decode(line.Text);
            case LineOutcome.TooLong:
                return Replies.AuthLineTooLong;
            case LineOutcome.BadOctets:
                return Replies.BadBase64;
            case LineOutcome.BareLineFeed:
                ReplyAndEnd(Replies.BareLineFeed);
                return default;
            default:
                SayFarewell();
                return default;
        }
    }

    /// <summary>A lone "=" is an empty response (RFC 4954 §4). Anything but plain base64 of UTF-8 is refused.</summary>
    private static AuthStep Decode(string text)
    {
        if (text == "=")
            return new AuthStep(Text: "");
        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (text.Contains(' ') || !Convert.TryFromBase64String(text, octets, out var length))
            return Replies.BadBase64;
        var decoded = Encoding.UTF8.GetString(octets, 0, length);
        return decoded.Contains('\uFFFD') ? Replies.BadBase64 : new AuthStep(Text: decoded);
    }

    private sealed record Credentials(string Name, string Password);

    /// <summary>How far an exchange has come: to a text, to credentials, to a refusal, or to the end of the session (all null).</summary>
    private readonly record struct AuthStep(string? Text = null, Credentials? Credentials = null, SmtpReply? Refusal = null)
    {
        public static implicit operator AuthStep(SmtpReply refusal) => new(Refusal: refusal);

        public static implicit operator AuthStep(Credentials credentials) => new(Credentials: credentials);
    }
}
