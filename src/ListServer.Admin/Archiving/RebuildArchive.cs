namespace ListServer.Admin.Archiving;

/// <summary>What was done.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Messages">How many.</param>
public sealed record ArchiveAnswer(string List, int Messages);

/// <summary>Makes an archive's index anew from its messages.</summary>
/// <param name="List">The posting address.</param>
public sealed record RebuildArchive(string List) : UseCase<ArchiveAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<ArchiveAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken) =>
        OpenedArchive.Find(context, List, ArchiveReader.Operator, out var refused) is { } archive
            ? new ArchiveAnswer(context.Store.FindList(List)!.Address, await Task.Run(archive.Rebuild, cancellationToken))
            : refused;
}
