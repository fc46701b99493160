using System.Buffers;
using ListServer.Store.Changes;
using ListServer.Store.Files;
using ListServer.Store.Tables;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Journal;

/// <summary>A commit on its way.</summary>
internal sealed class Commit(IReadOnlyList<Change> changes)
{
    public IReadOnlyList<Change> Changes { get; } = changes;

    /// <summary>Made on the caller's thread, many of which work side by side.</summary>
    public byte[] Payload { get; } = StoreJson.Write(changes);

    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// The one thread that writes: takes all commits that have come by now, drafts them, appends them to the journal in one write and one sync,
/// makes them seen, and only then tells the callers.
/// </summary>
internal sealed partial class CommitThread
{
    private const int BatchOctets = 4 << 20;

    private readonly JournalFile _journal;
    private readonly MergedTable _table;
    private readonly ApplyThread _apply;
    private readonly Action<IReadOnlyList<Entry>, IReadOnlyList<Change>> _committed;
    private readonly Action<Exception> _failed;
    private readonly ILogger _logger;
    private readonly WorkQueue<Commit> _commits = new();
    private readonly ArrayBufferWriter<byte> _records = new(1 << 16);
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="journal">Where commits are safe.</param>
    /// <param name="table">Where they are seen.</param>
    /// <param name="apply">Who brings them to LiteDB.</param>
    /// <param name="committed">Told of each batch, before its callers.</param>
    /// <param name="failed">Told when the store can't go on.</param>
    /// <param name="logger">For the disk's failures.</param>
    public CommitThread(
        JournalFile journal,
        MergedTable table,
        ApplyThread apply,
        Action<IReadOnlyList<Entry>, IReadOnlyList<Change>> committed,
        Action<Exception> failed,
        ILogger logger)
    {
        _journal = journal;
        _table = table;
        _apply = apply;
        _committed = committed;
        _failed = failed;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "store commit" };
        _thread.Start();
    }

    /// <summary>Hands in a commit.</summary>
    /// <exception cref="InvalidOperationException">The store is closed.</exception>
    public Task Add(Commit commit)
    {
        _commits.Add(commit);
        return commit.Done.Task;
    }

    /// <summary>Finishes what was handed in.</summary>
    public void Stop()
    {
        _commits.Complete();
        _thread.Join();
    }

    private void Run()
    {
        Exception? fault = null;
        while (_commits.Take(out var first))
        {
            var batch = Gather(first);
            if (fault is not null)
            {
                Refuse(batch, fault);
                continue;
            }

            try
            {
                Write(batch);
            }
            catch (IOException failure) when (failure is not StoreException)
            {
                LogRefused(failure, batch.Count);
                Refuse(batch, failure);
            }
#pragma warning disable CA1031 // The outermost loop of the thread that everybody waits for: it must answer whatever happens.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                fault = new StoreException($"The store has stopped: {failure.Message}", failure);
                _failed(failure);
                Refuse(batch, fault);
            }
        }
    }

    private List<Commit> Gather(Commit first)
    {
        List<Commit> batch = [first];
        long octets = first.Payload.Length;
        while (octets < BatchOctets && _commits.TryTake(out var next))
        {
            batch.Add(next);
            octets += next.Payload.Length;
        }

        return batch;
    }

    private void Write(List<Commit> batch)
    {
        _apply.WaitForRoom();
        var draft = Draft.Of(_table);
        var firstSequence = _table.Sequence + 1;
        _records.ResetWrittenCount();
        var accepted = new List<Commit>(batch.Count);
        foreach (var commit in batch)
        {
            var sequence = firstSequence + accepted.Count;
            if (TryDraft(draft, commit, sequence))
            {
                new JournalRecord(sequence, firstSequence, commit.Payload).WriteTo(_records);
                accepted.Add(commit);
            }
        }

        if (accepted.Count > 0)
        {
            _journal.Append(_records.WrittenSpan, firstSequence);
            _table.Add(draft.Entries, firstSequence + accepted.Count - 1);
            _committed([.. draft.Entries], [.. accepted.SelectMany(c => c.Changes)]);
            _apply.Notice();
            accepted.ForEach(c => c.Done.SetResult());
        }
    }

    private static bool TryDraft(Draft batch, Commit commit, long sequence)
    {
        try
        {
            var draft = batch.Begin(sequence);
            foreach (var change in commit.Changes)
            {
                change.ApplyTo(draft);
            }

            batch.Absorb(draft);
            return true;
        }
        catch (InvalidOperationException contradiction)
        {
            commit.Done.SetException(contradiction);
            return false;
        }
    }

    private static void Refuse(List<Commit> batch, Exception failure)
    {
        foreach (var commit in batch)
        {
            commit.Done.TrySetException(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} commits were refused: the journal could not be written")]
    private partial void LogRefused(Exception failure, int count);
}
