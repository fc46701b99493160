namespace ListServer.MailAuth.Dkim;

/// <summary>Finds how much of a text relaxed form leaves as it is (RFC 6376 §3.4.2, §3.4.4), many octets at a time.</summary>
internal static class RelaxedText
{
    /// <summary>How far ahead is looked: without a bound, a text full of one mark would be searched to its end for the others each time.</summary>
    private const int Window = 512;

    /// <summary>
    /// The number of octets from the start before a tab, two spaces or <paramref name="mark"/>, and before a space, a CR or both at
    /// the end of what was looked at, of which it is not known what follows. At least 1: the first octet is no white space.
    /// </summary>
    public static int Unchanged(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark)
    {
        var seen = text[..Math.Min(text.Length, Window)];
        seen = Before(seen, seen.IndexOf((byte)'\t'));
        seen = Before(seen, seen.IndexOf("  "u8));
        seen = Before(seen, seen.IndexOf(mark));
        seen = seen is [_, .., (byte)'\r'] ? seen[..^1] : seen;
        return seen is [_, .., (byte)' '] ? seen.Length - 1 : seen.Length;
    }

    private static ReadOnlySpan<byte> Before(ReadOnlySpan<byte> text, int end) => end < 0 ? text : text[..end];
}
