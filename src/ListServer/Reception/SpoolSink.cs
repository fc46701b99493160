using System.Buffers;
using ListServer.Smtp;
using ListServer.Store.Files;

namespace ListServer.Reception;

/// <summary>Takes a message's octets into the spool, then has them judged.</summary>
internal sealed class SpoolSink(SpoolWriter writer, Arrival arrival, Acceptance acceptance, Action<IOException> reportProblem) : IMessageSink
{
    private static readonly SmtpReply DiskProblem = new(452, "4.3.1", "The message could not be kept, try again later");

    private bool _isBroken;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
    {
        try
        {
            if (!_isBroken)
            {
                await writer.WriteAsync(octets, cancellationToken);
            }
        }
        catch (IOException problem)
        {
            // The client learns it when it has sent the last octet: a reply before that would be out of place.
            Break(problem);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SmtpReply>> CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_isBroken)
            {
                return await acceptance.JudgeAsync(writer, arrival, cancellationToken);
            }
        }
        catch (IOException problem)
        {
            Break(problem);
        }

        return [.. arrival.Recipients.Select(_ => DiskProblem)];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void Break(IOException problem)
    {
        _isBroken = true;
        reportProblem(problem);
    }
}
