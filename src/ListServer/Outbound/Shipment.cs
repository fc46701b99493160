using System.Collections.Immutable;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>A recipient of a group.</summary>
internal readonly record struct Addressee(GroupAttempt Attempt, int Index)
{
    public QueueRecipient Recipient => Attempt.Group.Recipients[Index];
}

/// <summary>One transaction to be, and whose recipients are in it. A personal copy is made when it is next to leave, and not before.</summary>
internal sealed class Shipment(ImmutableArray<Addressee> addressees)
{
    private OutboundTransaction? _transaction;

    public ImmutableArray<Addressee> Addressees => addressees;

    /// <summary>The transaction; null when the copy can't be made now.</summary>
    public OutboundTransaction? Transaction => _transaction ??= Make();

    /// <summary>What a round of groups becomes: shared copies many recipients at a time whatever their group, personal copies one by one.</summary>
    public static IEnumerable<Shipment> Load(IReadOnlyList<GroupAttempt> attempts, int most)
    {
        var all = attempts.SelectMany(a => a.Waiting.Select(i => new Addressee(a, i))).ToList();
        var shared = all.Where(a => a.Recipient.Data is null)
            .GroupBy(a => (a.Attempt.Group.CopyId, a.Attempt.Group.ReversePath))
            .SelectMany(g => g.Chunk(most))
            .Select(a => new Shipment([.. a]));
        return shared.Concat(all.Where(a => a.Recipient.Data is not null).Select(a => new Shipment([a])));
    }

    private OutboundTransaction? Make()
    {
        var (attempt, first) = (addressees[0].Attempt, addressees[0].Recipient);
        return first.Data is null
            ? new OutboundTransaction(attempt.Group.ReversePath, [.. addressees.Select(a => a.Recipient.Address)], attempt.Copies!.Shared)
            : attempt.Copies!.Personal(first);
    }
}
