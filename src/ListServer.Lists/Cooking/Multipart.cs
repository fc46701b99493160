using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>Puts the list's lines beside what can't take it in, the author's octets whole between our delimiters (RFC 2046 §5.1).</summary>
internal static class Multipart
{
    /// <summary>The body of a multipart/mixed with the lines as its first or last part, or null when its delimiters can't be found.</summary>
    public static byte[]? AddPart(ReadOnlyMemory<byte> body, BodyEntity entity, string boundary, Lines lines)
    {
        if (entity.Encoding is not ("7bit" or "8bit" or "binary"))
        {
            return null;
        }

        var delimiter = Encoding.Latin1.GetBytes("--" + boundary);
        var span = body.Span;
        byte[] part = [.. delimiter, .. "\r\n"u8, .. lines.Text.ToPart(), .. "\r\n"u8];
        if (lines.IsAbove)
        {
            return FindLine(span, delimiter) is { } first ? [.. span[..first], .. part, .. span[first..]] : null;
        }

        if (FindLine(span, [.. delimiter, .. "--"u8]) is { } close)
        {
            return [.. span[..close], .. part, .. span[close..]];
        }

        var end = span.EndsWith("\n"u8) ? ""u8 : "\r\n"u8;
        return FindLine(span, delimiter) is null ? null : [.. span, .. end, .. part, .. delimiter, .. "--\r\n"u8];
    }

    /// <summary>Makes the whole body one part of a new multipart/mixed, and the lines the other.</summary>
    public static Draft Wrap(Draft draft, BodyEntity entity, Lines lines, string id)
    {
        var boundary = FreeBoundary(draft.Body.Span, id);
        var content = draft.Fields.Where(IsContent).ToArray();
        var header = draft.Fields.RemoveAll(IsContent);
        var isEightBit = entity.Encoding is "8bit" or "binary" || draft.Body.Span.ContainsAnyExceptInRange((byte)0, (byte)127);
        if (!header.Any(f => f.Is("MIME-Version")))
        {
            header = header.Add(Field.Make("MIME-Version", "1.0"));
        }

        header = header.Add(Field.Make("Content-Type", $"multipart/mixed; boundary=\"{boundary}\""));
        if (isEightBit)
        {
            header = header.Add(Field.Make("Content-Transfer-Encoding", "8bit"));
        }

        var open = Encoding.ASCII.GetBytes($"--{boundary}\r\n");
        ImmutableArray<ReadOnlyMemory<byte>> author = [.. content.Select(f => f.Octets), "\r\n"u8.ToArray(), draft.Body];
        ImmutableArray<ReadOnlyMemory<byte>> own = [lines.Text.ToPart()];
        var body = Join([open, .. lines.IsAbove ? own : author, "\r\n"u8.ToArray(), open,
            .. lines.IsAbove ? author : own, Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")]);
        return draft with { Fields = header, Body = body };
    }

    private static bool IsContent(HeaderField field) => field.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    private static byte[] Join(ImmutableArray<ReadOnlyMemory<byte>> pieces)
    {
        var whole = new byte[pieces.Sum(p => p.Length)];
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole.AsMemory(at));
            at += piece.Length;
        }

        return whole;
    }

    // The same post gets the same delimiter; an author who guesses it gets another one.
    private static string FreeBoundary(ReadOnlySpan<byte> body, string id)
    {
        for (var salt = 0; ; salt++)
        {
            var boundary = $"=_list_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{id} {salt}"))).AsSpan(0, 32)}";
            if (body.IndexOf(Encoding.ASCII.GetBytes(boundary)) < 0)
            {
                return boundary;
            }
        }
    }

    // Where the first line of these octets begins, white space behind them allowed.
    private static int? FindLine(ReadOnlySpan<byte> body, ReadOnlySpan<byte> line)
    {
        for (var from = 0; body[from..].IndexOf(line) is >= 0 and var at; from += at + line.Length)
        {
            var start = from + at;
            var rest = body[(start + line.Length)..];
            rest = rest.IndexOf((byte)'\n') is >= 0 and var end ? rest[..end] : rest;
            if ((start == 0 || body[start - 1] == (byte)'\n') && rest.Trim(" \t\r"u8).IsEmpty)
            {
                return start;
            }
        }

        return null;
    }
}
