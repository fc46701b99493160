using ListServer.Lists;
using ListServer.Lists.Archiving;

namespace ListServer.Admin.Archiving;

/// <summary>A thread with what its messages say.</summary>
/// <param name="List">The list.</param>
/// <param name="Messages">Oldest first.</param>
/// <param name="IsCut">True when the thread is longer than what is shown.</param>
public sealed record ThreadContent(MailingList List, IReadOnlyList<ReadMessage> Messages, bool IsCut);

/// <summary>A thread of an archive.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Hash">Of any of its messages.</param>
/// <param name="Reader">Who reads it.</param>
public sealed record ShowThread(string List, string Hash, ArchiveReader Reader) : Query<ThreadContent>
{
    private const int MaxMessages = 100;
    private const int MaxCharacters = 1_000_000;

    /// <inheritdoc/>
    protected override Outcome<ThreadContent> Look(AdminContext context)
    {
        if (OpenedArchive.Find(context, List, Reader, out var refused) is not { } archive)
        {
            return refused;
        }

        if (!MessageIdHash.IsValid(Hash) || archive.Find(Hash) is not { } found)
        {
            return ShowArchived.Missing(Hash);
        }

        var entries = archive.OfThread(found.Thread, MaxMessages + 1);
        var (messages, characters) = (new List<ReadMessage>(), 0);
        foreach (var entry in entries.Take(MaxMessages).TakeWhile(_ => characters < MaxCharacters))
        {
            if (ReadMessage.From(archive, entry) is { } read)
            {
                messages.Add(read);
                characters += read.View.Text.Length;
            }
        }

        return new ThreadContent(context.Store.FindList(List)!, messages, messages.Count < entries.Count);
    }
}
