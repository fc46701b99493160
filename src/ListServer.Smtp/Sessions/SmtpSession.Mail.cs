namespace ListServer.Smtp;

internal sealed partial class SmtpSession
{
    private async ValueTask MailAsync(string argument)
    {
        if (MailRefusal() is { } notNow)
        {
            Reply(notNow);
            return;
        }
        if (!MailCommand.TryParse(argument, out var mail, out var refusal))
        {
            Reply(refusal);
            return;
        }
        // RFC 1870 §6.1: a declared size over the limit is refused before the message is sent.
        if (mail.Size > _limits.MaxMessageSize)
        {
            Reply(Replies.TooLarge);
            return;
        }
        var client = ClientFor(mail);
        var reply = await reception.MailAsync(client, mail.ReversePath, mail.Size, wire.Gone);
        if (reply.IsPositive)
            _mail = new MailInProgress(client, mail);
        else
            _conduct.NoteJunk();
        Reply(reply);
    }

    private SmtpReply? MailRefusal()
    {
        if (!HasHello)
            return Replies.HelloFirst;
        if (_mail is not null)
            return Replies.NestedMail;
        if (endpoint.Role != SmtpRole.Submission)
            return null;
        // RFC 6409 §4.3, RFC 3207 §4.
        return !IsSecure ? Replies.TlsRequired : _client.Account is null ? Replies.AuthRequired : null;
    }

    private async ValueTask RecipientAsync(string argument)
    {
        if (_mail is not { Intake: null } mail)
        {
            Reply(_mail is null ? Replies.MailFirst : Replies.ChunksBegun);
            return;
        }
        if (++mail.Asked > 2 * _limits.MaxRecipients)
        {
            ReplyAndEnd(Replies.TooManyErrors);
            return;
        }
        if (!RecipientCommand.TryParse(argument, mail.IsSmtpUtf8, out var forwardPath, out var refusal))
        {
            Reply(refusal);
            return;
        }
        // RFC 5321 §4.5.3.1.10: the client sends the rest in another transaction.
        if (mail.Recipients >= _limits.MaxRecipients)
        {
            Reply(Replies.TooManyRecipients);
            return;
        }
        var reply = await reception.RecipientAsync(mail.Client, mail.ReversePath, forwardPath, wire.Gone);
        if (reply.IsPositive)
            mail.Add(forwardPath);
        Reply(reply);
    }
}
