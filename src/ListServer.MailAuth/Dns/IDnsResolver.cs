namespace ListServer.MailAuth.Dns;

/// <summary>
/// Answers DNS questions. Implementations never throw for what the network or a name does: every outcome is a
/// <see cref="DnsAnswer"/> whose <see cref="DnsAnswer.Status"/> keeps "no such name", "no such record" and "no answer" apart.
/// </summary>
/// <remarks>Implementations are safe for concurrent use.</remarks>
public interface IDnsResolver
{
    /// <summary>Asks for the records of one type at one name.</summary>
    /// <param name="name">An A-label domain name, with or without the final dot.</param>
    /// <param name="type">The record type asked for.</param>
    /// <param name="cancellationToken">Ends the wait; the only exception that leaves this method is the resulting <see cref="OperationCanceledException"/>.</param>
    ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default);
}
