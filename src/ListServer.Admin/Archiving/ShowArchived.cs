using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;
using ListServer.Store.Archive;

namespace ListServer.Admin.Archiving;

/// <summary>A message of an archive, and what is shown of it.</summary>
/// <param name="Entry">As the index has it.</param>
/// <param name="View">What it says.</param>
public sealed record ReadMessage(ArchiveEntry Entry, MessageView View)
{
    internal static ReadMessage? From(ListArchive archive, ArchiveEntry entry) =>
        archive.Read(entry) is { } octets ? new ReadMessage(entry, MessageView.Read(RawMessage.Parse(octets))) : null;
}

/// <summary>A message with its list.</summary>
/// <param name="List">The list.</param>
/// <param name="Message">The message.</param>
public sealed record ArchivedDetail(MailingList List, ReadMessage Message);

/// <summary>One message of an archive.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Message">Its name in addresses, its Message-ID, or the post's identifier.</param>
/// <param name="Reader">Who reads it.</param>
public sealed record ShowArchived(string List, string Message, ArchiveReader Reader) : Query<ArchivedDetail>
{
    /// <inheritdoc/>
    protected override Outcome<ArchivedDetail> Look(AdminContext context)
    {
        if (OpenedArchive.Find(context, List, Reader, out var refused) is not { } archive)
        {
            return refused;
        }

        return Find(archive, Message) is { } entry && ReadMessage.From(archive, entry) is { } read
            ? new ArchivedDetail(context.Store.FindList(List)!, read)
            : Missing(Message);
    }

    internal static ArchiveEntry? Find(ListArchive archive, string message) =>
        (MessageIdHash.IsValid(message) ? archive.Find(message) : null) ?? archive.FindId(message) ?? archive.Find(MessageIdHash.Of(message));

    internal static RefusedUseCase Missing(string message) => RefusedUseCase.NotFound($"The archive has no message {message}.");
}
