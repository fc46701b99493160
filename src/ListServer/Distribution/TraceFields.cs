using System.Text;
using ListServer.Lists;
using ListServer.Reception;

namespace ListServer.Distribution;

/// <summary>The fields that tell how a post came to us: our Authentication-Results above our Received.</summary>
internal static class TraceFields
{
    public static byte[] Write(Post post, string hostName) =>
        [.. Encoding.UTF8.GetBytes($"Authentication-Results: {post.AuthenticationResults}\r\n"), .. ReceivedField.Write(post, hostName)];
}
