using System.Globalization;
using System.Text;

namespace ListServer.Lists.Archiving;

/// <summary>Writes messages as mboxrd: what an author wrote can be told from what the file added, and comes back octet by octet but for line ends.</summary>
public static class MboxWriter
{
    /// <summary>Writes a message.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="entry">For the From line.</param>
    /// <param name="octets">All of it.</param>
    public static void Write(Stream output, ArchiveEntry entry, ReadOnlySpan<byte> octets)
    {
        var sender = entry.AuthorAddress.Length > 0 && !entry.AuthorAddress.AsSpan().ContainsAnyExceptInRange('!', '~') ? entry.AuthorAddress : "MAILER-DAEMON";
        output.Write(Encoding.ASCII.GetBytes($"From {sender} {entry.Date.UtcDateTime.ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture)}\n"));
        while (!octets.IsEmpty)
        {
            var end = octets.IndexOf((byte)'\n');
            var line = (end < 0 ? octets : octets[..end]).TrimEnd((byte)'\r');
            output.Write(line.TrimStart((byte)'>').StartsWith("From "u8) ? ">"u8 : []);
            output.Write(line);
            output.WriteByte((byte)'\n');
            octets = end < 0 ? [] : octets[(end + 1)..];
        }

        output.WriteByte((byte)'\n');
    }
}
