namespace ListServer.Lists.Archiving;

/// <summary>The addresses of the archive's pages: the same for as long as a list and the server's address are.</summary>
public static class ArchiveLinks
{
    /// <summary>A list's own page.</summary>
    public static string PathOf(string list) => $"/l/{Uri.EscapeDataString(list).Replace("%40", "@", StringComparison.Ordinal)}";

    /// <summary>All threads of a list.</summary>
    public static string List(Uri web, string list) => Whole(web, PathOf(list) + "/archive");

    /// <summary>One message (RFC 5064 §3: it does not depend on what else is in the archive).</summary>
    /// <param name="web">Where the pages are.</param>
    /// <param name="list">The posting address.</param>
    /// <param name="messageId">Its Message-ID, or its identifier here when it has none that can be used.</param>
    public static string Message(Uri web, string list, string messageId) => Whole(web, $"{PathOf(list)}/m/{MessageIdHash.Of(messageId)}");

    private static string Whole(Uri web, string path) => web.AbsoluteUri.TrimEnd('/') + path;
}
