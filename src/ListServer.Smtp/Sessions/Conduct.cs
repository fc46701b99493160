namespace ListServer.Smtp;

/// <summary>Counts what a peer does wrong or for nothing; an accepted message wipes the slate (SEC-11).</summary>
internal sealed class Conduct(SmtpLimits limits)
{
    private int _errors;
    private int _junk;
    private int _authFailures;

    /// <summary>The 421 that is due, or null.</summary>
    public SmtpReply? Verdict =>
        _errors >= limits.MaxErrors || _authFailures >= limits.MaxAuthFailures ? Replies.TooManyErrors
        : _junk > limits.MaxJunkCommands ? Replies.TooMuchJunk
        : null;

    /// <summary>Only permanent refusals count: a peer put off by a 4yz has done nothing wrong.</summary>
    public void Note(SmtpReply reply)
    {
        if (reply.Code >= 500)
            _errors++;
    }

    public void NoteJunk() => _junk++;

    public void NoteAuthFailure() => _authFailures++;

    public void NoteMessage() => _errors = _junk = 0;
}
