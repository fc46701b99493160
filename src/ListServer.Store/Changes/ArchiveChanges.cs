using System.Collections.Immutable;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A post waits to be archived. Comes with <see cref="PostQueued"/>; its octets stay in the spool until then, whatever crashes.</summary>
/// <param name="PostId">The post.</param>
public sealed record ArchiveDue(string PostId) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Unarchived(PostId), new UnarchivedPost(PostId));
}

/// <summary>Posts stand in the archive, or need not.</summary>
/// <param name="PostIds">The posts.</param>
public sealed record PostsArchived(ImmutableArray<string> PostIds) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var id in PostIds)
        {
            draft.Remove(TableKey.Unarchived(id));
        }
    }
}

/// <summary>Messages were taken out of an archive: for the record of changes. The archive itself has overwritten them before.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Hashes">Their names.</param>
public sealed record MessagesTakenDown(string List, ImmutableArray<string> Hashes) : Change
{
    internal override void ApplyTo(Draft draft)
    {
    }
}

/// <summary>Messages were brought into an archive: for the record of changes. The archive itself has them already.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Count">How many were new.</param>
public sealed record MessagesImported(string List, int Count) : Change
{
    internal override void ApplyTo(Draft draft)
    {
    }
}

/// <summary>A post that waits to be archived.</summary>
internal sealed record UnarchivedPost(string PostId);
