using System.Collections.Frozen;
using ListServer.Admin.Archiving;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Archive;

/// <summary>A stranger's octets on their way to a reader's disk: never shown by the browser as a page of ours (SEC-22).</summary>
internal static class Download
{
    private const string Unknown = "application/octet-stream";

    // Types that no browser runs. What else a message says of its parts is not repeated.
    private static readonly FrozenSet<string> Safe = new[]
    {
        "application/pdf", "application/zip", "audio/mpeg", "audio/ogg", "audio/wav", "image/gif", "image/jpeg", "image/png", "image/webp",
        "message/rfc822", "text/csv", "text/plain", "video/mp4", "video/webm",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static IResult Answer(HttpContext http, ArchivedFile file)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";

        // Bytes with a name are sent as an attachment, the name quoted and encoded (RFC 6266 §4.3).
        return Results.Bytes(file.Octets, Safe.Contains(file.MediaType) ? file.MediaType : Unknown, file.Name);
    }
}
