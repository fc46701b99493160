using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Commands;

/// <summary>The lines of a message that may be commands.</summary>
internal static class CommandText
{
    private const int OctetsRead = 256 * 1024;
    private const int LinesRead = 100;

    /// <summary>The first lines of its text that the author wrote: without quotations, signature and empty lines. Empty for HTML alone.</summary>
    public static IEnumerable<string> Lines(RawMessage message)
    {
        // A large attachment behind the text is of no interest: MimeKit ends quietly where the octets end.
        var octets = message.Octets[..Math.Min(message.Octets.Length, OctetsRead)].ToArray();
        var text = Read(octets);
        return [.. text.Split('\n', LinesRead + 1)
            .Take(LinesRead)
            .TakeWhile(line => !IsSignatureMark(line))
            .Select(PostContent.OneLine)
            .Where(line => line.Length > 0 && line[0] is not ('>' or '|'))];
    }

    private static string Read(byte[] octets)
    {
        using var stream = new MemoryStream(octets, writable: false);
        try
        {
            using var message = MimeMessage.Load(stream);
            return message.TextBody ?? "";
        }
        catch (FormatException)
        {
            // MimeKit has no TryLoad: what it can't take for a message has no text.
            return "";
        }
    }

    // RFC 3676 §4.3: "-- " alone on its line; the blank gets lost often enough.
    private static bool IsSignatureMark(string line) => line.TrimEnd() is "--";
}
