using System.Buffers;

namespace ListServer.Smtp;

/// <summary>What stands behind the protocol: who may send, who may receive, and where the octets go.</summary>
/// <remarks>Called from many sessions at once; within one session, one call at a time.</remarks>
public interface IReception
{
    /// <summary>Answers MAIL. A negative reply ends the transaction.</summary>
    ValueTask<SmtpReply> MailAsync(SmtpClientInfo client, string reversePath, long? declaredSize, CancellationToken cancellationToken);

    /// <summary>Answers one RCPT. Only positive replies put the address into the transaction.</summary>
    ValueTask<SmtpReply> RecipientAsync(SmtpClientInfo client, string reversePath, string forwardPath, CancellationToken cancellationToken);

    /// <summary>Opens the place for the octets of one message, before 354 or the first BDAT chunk is answered.</summary>
    ValueTask<IMessageSink> OpenAsync(Transaction transaction, CancellationToken cancellationToken);

    /// <summary>Checks a name and password given by AUTH PLAIN or LOGIN. Asked only over TLS.</summary>
    ValueTask<bool> AuthenticateAsync(SmtpClientInfo client, string name, string password, CancellationToken cancellationToken);
}

/// <summary>Takes one message, dots already unstuffed. Disposed without <see cref="CompleteAsync"/>, it forgets the message.</summary>
public interface IMessageSink : IAsyncDisposable
{
    /// <summary>Takes the next octets. The buffer is the caller's again when the task ends.</summary>
    ValueTask WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the message over and answers: one reply for SMTP, one for each forward-path, in order, for LMTP (RFC 2033 §4.2).
    /// A positive reply is given only when the message is safe on disk.
    /// </summary>
    ValueTask<IReadOnlyList<SmtpReply>> CompleteAsync(CancellationToken cancellationToken);
}
