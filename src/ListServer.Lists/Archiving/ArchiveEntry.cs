namespace ListServer.Lists.Archiving;

/// <summary>A message as an archive's pages list it. Names, subject and beginning came from a stranger.</summary>
/// <param name="Position">Sorts the messages of a list by time; unique among them.</param>
/// <param name="Id">Its identifier here: the post's, or one given at import.</param>
/// <param name="Hash">Its name in addresses (<see cref="MessageIdHash"/>).</param>
/// <param name="Thread">Its thread; the same for all messages of one.</param>
/// <param name="AnswersHash">The message of the same thread that it answers, where that one is here; null elsewhere than among the messages of a thread.</param>
/// <param name="Date">When it was written.</param>
/// <param name="AuthorName">One line.</param>
/// <param name="AuthorAddress">Lower case, may be empty. Nothing to show: pages leave out what stands behind the @.</param>
/// <param name="Subject">One line, may be empty.</param>
/// <param name="Beginning">Of the text, one line.</param>
/// <param name="Attachments">How many.</param>
public sealed record ArchiveEntry(
    long Position,
    string Id,
    string Hash,
    long Thread,
    string? AnswersHash,
    DateTimeOffset Date,
    string AuthorName,
    string AuthorAddress,
    string Subject,
    string Beginning,
    int Attachments);

/// <summary>A thread as an archive's pages list it.</summary>
/// <param name="First">Its first message.</param>
/// <param name="Last">Its latest message.</param>
/// <param name="Messages">How many there are.</param>
public sealed record ArchiveThread(ArchiveEntry First, ArchiveEntry Last, int Messages);
