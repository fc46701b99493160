using ListServer.Lists.Archiving;
using ListServer.Store.Changes;

namespace ListServer.Admin.Archiving;

/// <summary>Takes messages out of an archive for good: their octets are overwritten, their links lead nowhere, and an import does not bring them back.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Message">One message, see <see cref="ShowArchived.Message"/>; null for an author's.</param>
/// <param name="Author">All messages of this address; null for one message.</param>
public sealed record TakeDown(string List, string? Message, string? Author) : UseCase<ArchiveAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<ArchiveAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (OpenedArchive.Find(context, List, ArchiveReader.Operator, out var refused) is not { } archive)
        {
            return refused;
        }

        if (Message is null == Author is null)
        {
            return RefusedUseCase.Invalid("Name either a message or, with --author, an address.");
        }

        IReadOnlyList<ArchiveEntry> entries = Author is not null ? archive.By(Author) : ShowArchived.Find(archive, Message!) is { } one ? [one] : [];
        if (entries.Count == 0)
        {
            return Message is null ? RefusedUseCase.NotFound($"The archive has no message of {Author}.") : ShowArchived.Missing(Message);
        }

        var address = context.Store.FindList(List)!.Address;
        await Task.Run(() => archive.TakeDown(entries), cancellationToken);
        await context.CommitAsync(new MessagesTakenDown(address, [.. entries.Select(entry => entry.Hash)]), CancellationToken.None);
        return new ArchiveAnswer(address, entries.Count);
    }
}
