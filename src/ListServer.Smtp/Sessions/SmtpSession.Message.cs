namespace ListServer.Smtp;

internal sealed partial class SmtpSession
{
    private async ValueTask DataAsync(string argument)
    {
        var refusal = argument.Length > 0 ? Replies.NoArgumentWanted : MessageRefusal() ?? (_mail?.Intake is null ? null : Replies.ChunksBegun);
        var intake = refusal is null ? await OpenAsync() : null;
        // RFC 2920 §3.1: DATA ends a pipelined group. What stands behind it was sent by one who did not wait, and whether it is a
        // message or commands nobody can tell (AUTH-93).
        if (wire.HasUnread())
        {
            ReplyAndEnd(Replies.TooEarly);
            return;
        }
        if (intake is null)
        {
            Reply(refusal!);
            return;
        }
        Reply(Replies.StartMail);
        if (!await IsReadAsync(await _messages.ReadDataAsync(intake)))
            return;
        intake.End();
        await AnswerMessageAsync(intake);
        // Who sends bare CR or LF may have meant another end of data than the one we saw; nothing behind it is obeyed (SEC-7).
        _isOver |= intake.Fault is not (MessageFault.None or MessageFault.TooLarge);
    }

    private async ValueTask ChunkAsync(string argument)
    {
        if (!ChunkCommand.TryParse(argument, out var chunk))
        {
            // How many octets follow is unknown, so no command can be found behind them.
            ReplyAndEnd(Replies.BadChunk);
            return;
        }
        if (_messages.IsEndless(chunk.Size))
        {
            ReplyAndEnd(Replies.TooLarge);
            return;
        }
        var refusal = MessageRefusal() ?? (_mail is { HasFailed: true } ? Replies.ChunkAfterFailure : null);
        var intake = refusal is null ? _mail?.Intake ?? await OpenAsync() : null;
        // RFC 3030 §2: the octets come whatever the answer will be.
        if (!await IsReadAsync(await _messages.ReadChunkAsync(intake, chunk.Size)))
            return;
        if (intake is null)
            await RefuseChunkAsync(refusal!, chunk);
        else
            await AnswerChunkAsync(intake, chunk);
    }

    private async ValueTask RefuseChunkAsync(SmtpReply refusal, ChunkCommand chunk)
    {
        if (chunk.IsLast && _mail is { HasFailed: true })
        {
            AnswerAll(refusal);
            await ForgetMailAsync();
        }
        else
        {
            Reply(refusal);
        }
    }

    private async ValueTask AnswerChunkAsync(MessageIntake intake, ChunkCommand chunk)
    {
        if (chunk.IsLast)
        {
            intake.End();
            await AnswerMessageAsync(intake);
        }
        else if (intake.Fault != MessageFault.None)
        {
            _mail!.HasFailed = true;
            Reply(Replies.For(intake.Fault));
        }
        else
        {
            if (chunk.Size == 0)
                _conduct.NoteJunk();
            Reply(SmtpReply.Ok($"{chunk.Size} octets received"));
        }
    }

    private SmtpReply? MessageRefusal()
    {
        if (_mail is null)
            return Replies.MailFirst;
        if (_mail.Recipients > 0)
            return null;
        // RFC 2033 §4.2 wants 503 in LMTP, RFC 5321 §3.3 allows 554 in SMTP.
        return IsLmtp ? Replies.RecipientFirst : Replies.NoRecipients;
    }

    private ValueTask<MessageIntake> OpenAsync() => _mail!.OpenAsync(reception, _limits.MaxMessageSize, wire.Gone);

    private ValueTask<bool> IsReadAsync(MessageEnd end)
    {
        if (end == MessageEnd.Gone)
            SayFarewell();
        else if (end == MessageEnd.Endless)
            ReplyAndEnd(Replies.TooLarge);
        return ValueTask.FromResult(end == MessageEnd.Reached);
    }

    private async ValueTask AnswerMessageAsync(MessageIntake intake)
    {
        var mail = _mail!;
        if (intake.Fault != MessageFault.None)
        {
            Log.MessageAtFault(logger, _client.SessionId, peer.Address, intake.Fault);
            AnswerAll(Replies.For(intake.Fault));
        }
        else
        {
            AnswerEach(await intake.CompleteAsync(wire.Gone), mail);
        }
        await ForgetMailAsync();
    }

    /// <summary>RFC 2033 §4.2: in LMTP a reply for each recipient that was accepted, in order.</summary>
    private void AnswerEach(IReadOnlyList<SmtpReply> replies, MailInProgress mail)
    {
        var expected = IsLmtp ? mail.Recipients : 1;
        if (replies.Count != expected)
            throw new InvalidOperationException($"The reception gave {replies.Count} replies where {expected} were due.");
        if (replies.Any(reply => reply.IsPositive))
            _conduct.NoteMessage();
        else
            _conduct.Note(replies[0]);
        foreach (var reply in replies)
            Say(reply);
    }

    private void AnswerAll(SmtpReply reply) => AnswerEach([.. Enumerable.Repeat(reply, IsLmtp ? _mail!.Recipients : 1)], _mail!);
}
