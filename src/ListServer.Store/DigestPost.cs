namespace ListServer.Store;

/// <summary>A post that waits for the next digest or summary; its octets stay in the spool until then.</summary>
/// <param name="PostId">The post.</param>
/// <param name="List">The posting address.</param>
/// <param name="Size">Its octets.</param>
/// <param name="QueuedAt">Since when it waits.</param>
/// <param name="ForDigest">It waits for a digest.</param>
/// <param name="ForSummary">It waits for a summary.</param>
public sealed record DigestPost(string PostId, string List, long Size, DateTimeOffset QueuedAt, bool ForDigest, bool ForSummary);
