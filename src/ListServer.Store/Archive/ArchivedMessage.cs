namespace ListServer.Store.Archive;

/// <summary>A message for an archive.</summary>
/// <param name="Id">From <see cref="OrderedId"/>: the post's, or one given at import. What has been archived is not archived again.</param>
/// <param name="At">Its date in the archive.</param>
/// <param name="Octets">All of them.</param>
/// <param name="IsPost">True for one that is kept even if another has its Message-ID; false for an import, where it is the same one again.</param>
public sealed record ArchivedMessage(string Id, DateTimeOffset At, ReadOnlyMemory<byte> Octets, bool IsPost);
