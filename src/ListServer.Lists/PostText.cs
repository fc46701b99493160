using System.Collections.Immutable;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists;

/// <summary>The text of a message, as far as somebody reads it who did not open the message.</summary>
public static class PostText
{
    private const int OctetsRead = 256 * 1024;
    private const int LongestLine = 200;

    /// <summary>Its text/plain, decoded; empty for HTML alone, or where there is none. Line ends are as they came.</summary>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    public static string Of(RawMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);

        // A large attachment behind the text is of no interest: MimeKit ends quietly where the octets end.
        var octets = message.Octets[..Math.Min(message.Octets.Length, OctetsRead)].ToArray();
        using var stream = new MemoryStream(octets, writable: false);
        try
        {
            using var read = MimeMessage.Load(stream);
            return read.TextBody ?? "";
        }
        catch (FormatException)
        {
            // MimeKit has no TryLoad: what it can't take for a message has no text.
            return "";
        }
    }

    /// <summary>Its first lines that are not empty, each cut at 200 characters and without control characters.</summary>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    /// <param name="lines">How many at the most.</param>
    public static ImmutableArray<string> Beginning(RawMessage message, int lines) =>
    [
        .. Of(message).Split('\n')
            .Select(line => PostContent.OneLine(line.Length > LongestLine ? line[..LongestLine] + "…" : line))
            .Where(line => line.Length > 0)
            .Take(lines),
    ];
}
