using System.Collections.Immutable;

namespace ListServer.Smtp;

/// <summary>A mail transaction from MAIL to its end. Disposed, it forgets a message that was not handed over.</summary>
internal sealed class MailInProgress(SmtpClientInfo client, MailCommand mail) : IAsyncDisposable
{
    private readonly ImmutableArray<string>.Builder _forwardPaths = ImmutableArray.CreateBuilder<string>();

    public SmtpClientInfo Client => client;

    public string ReversePath => mail.ReversePath;

    public bool IsSmtpUtf8 => mail.IsSmtpUtf8;

    public int Recipients => _forwardPaths.Count;

    /// <summary>RCPT commands so far, the refused ones too.</summary>
    public int Asked { get; set; }

    /// <summary>Where the octets go; null before DATA or the first BDAT.</summary>
    public MessageIntake? Intake { get; private set; }

    /// <summary>The reply that refused a chunk, after which only RSET or LAST ends the transaction (RFC 3030 §2).</summary>
    public bool HasFailed { get; set; }

    public void Add(string forwardPath) => _forwardPaths.Add(forwardPath);

    public async ValueTask<MessageIntake> OpenAsync(IReception reception, long maxSize, CancellationToken cancellationToken)
    {
        var transaction = new Transaction(
            client, mail.ReversePath, _forwardPaths.ToImmutable(), mail.IsSmtpUtf8, mail.IsEightBit, mail.Size);
        Intake = new MessageIntake(await reception.OpenAsync(transaction, cancellationToken), maxSize);
        return Intake;
    }

    public ValueTask DisposeAsync() => Intake?.DisposeAsync() ?? ValueTask.CompletedTask;
}
