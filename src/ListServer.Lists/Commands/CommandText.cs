using ListServer.MailAuth;

namespace ListServer.Lists.Commands;

/// <summary>The lines of a message that may be commands.</summary>
internal static class CommandText
{
    private const int LinesRead = 100;

    /// <summary>The first lines of its text that the author wrote: without quotations, signature and empty lines. Empty for HTML alone.</summary>
    public static IEnumerable<string> Lines(RawMessage message)
    {
        var text = PostText.Of(message);
        return [.. text.Split('\n', LinesRead + 1)
            .Take(LinesRead)
            .TakeWhile(line => !IsSignatureMark(line))
            .Select(PostContent.OneLine)
            .Where(line => line.Length > 0 && line[0] is not ('>' or '|'))];
    }

    // RFC 3676 §4.3: "-- " alone on its line; the blank gets lost often enough.
    private static bool IsSignatureMark(string line) => line.TrimEnd() is "--";
}
