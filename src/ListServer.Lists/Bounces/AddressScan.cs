namespace ListServer.Lists.Bounces;

/// <summary>Finds addresses in the words of a notice. A scan passes over each character a constant number of times.</summary>
internal static class AddressScan
{
    private const int MaxLength = 320;
    private const string Bullets = " \t*->|\"'<([:;,=";

    private static readonly string[] Labels = ["recipient address", "recipient", "original address", "address", "rcpt to", "smtp", "mailto"];

    /// <summary>The first address in the line, or null.</summary>
    public static string? First(ReadOnlySpan<char> line)
    {
        for (var from = 0; line[from..].IndexOf('@') is >= 0 and var at; from += at + 1)
        {
            if (Around(line, from + at, out _) is { } address)
            {
                return address;
            }
        }

        return null;
    }

    /// <summary>The address that the line begins with, behind bullets, quotes and a label such as "Recipient:"; or null.</summary>
    public static string? AtStart(ReadOnlySpan<char> line)
    {
        var rest = line.TrimStart(Bullets);
        foreach (var label in Labels)
        {
            if (rest.StartsWith(label, StringComparison.OrdinalIgnoreCase) && rest[label.Length..].TrimStart(' ') is [':', .. var labelled])
            {
                rest = labelled.TrimStart(Bullets);
            }
        }

        return rest.IndexOf('@') is > 0 and var at && Around(rest, at, out var start) is { } address && start == 0 ? address : null;
    }

    /// <summary>The address of a line that begins with it in angle brackets and a colon, as Postfix and qmail write it (QSBMF); or null.</summary>
    public static string? InAngles(ReadOnlySpan<char> line) =>
        line is ['<', .. var rest] && rest.IndexOf('>') is > 0 and var end && rest[(end + 1)..].TrimStart() is [':', ..] ? Whole(rest[..end].ToString()) : null;

    /// <summary>The text when it is one address and nothing else; or null. Source routes are taken off (RFC 5321 §4.1.1.3, appendix C).</summary>
    public static string? Whole(string text)
    {
        var address = text.Trim().Trim('<', '>', '\'');
        address = address.Contains("\"@", StringComparison.Ordinal) ? address : address.Trim('"');
        if (address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            address = address[(colon + 1)..];
        }

        return address.Length <= MaxLength && address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < address.Length - 1
            && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>')
            ? address
            : null;
    }

    // The address around an at sign: a local part of RFC 5321 without quotes, and a domain of at least two labels.
    private static string? Around(ReadOnlySpan<char> line, int at, out int start)
    {
        (start, var end) = (at, at + 1);
        while (start > 0 && at - start < 64 && IsLocal(line[start - 1]))
        {
            start--;
        }

        while (end < line.Length && end - at < 256 && (char.IsLetterOrDigit(line[end]) || line[end] is '-' or '.'))
        {
            end++;
        }

        while (start < at && line[start] is '\'' or '.' or '=' or '/')
        {
            start++;
        }

        var domain = line[(at + 1)..end].TrimEnd(".-");
        return start < at && domain.IndexOf('.') > 0 && !domain.Contains("..", StringComparison.Ordinal) ? line[start..(at + 1 + domain.Length)].ToString() : null;
    }

    private static bool IsLocal(char c) => char.IsLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal);
}
