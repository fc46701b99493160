using System.Buffers;
using System.Text;

namespace ListServer.Lists.Cooking;

/// <summary>Goes through the parts of a multipart without touching what stands between them (RFC 2046 §5.1).</summary>
internal static class Parts
{
    /// <summary>Changes the octets of one entity, or of the preamble or epilogue.</summary>
    public delegate ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> octets);

    /// <summary>The body with its parts changed, or without those for which there is no answer, delimiters included.</summary>
    /// <param name="body">The multipart's body.</param>
    /// <param name="boundary">Its delimiter, without the two hyphens.</param>
    /// <param name="part">What becomes of each part; null to take it out.</param>
    public static ReadOnlyMemory<byte> Filter(ReadOnlyMemory<byte> body, string boundary, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> part) =>
        Walk(body, boundary, part, octets => octets);

    /// <summary>The body with its parts changed.</summary>
    /// <param name="body">The multipart's body.</param>
    /// <param name="boundary">Its delimiter, without the two hyphens.</param>
    /// <param name="part">What becomes of each part: its header, an empty line, its content.</param>
    /// <param name="remark">What becomes of the preamble and the epilogue, which nobody is shown.</param>
    public static ReadOnlyMemory<byte> Map(ReadOnlyMemory<byte> body, string boundary, Change part, Change remark) =>
        Walk(body, boundary, octets => part(octets), remark);

    private static ReadOnlyMemory<byte> Walk(ReadOnlyMemory<byte> body, string boundary, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> part, Change remark)
    {
        var delimiter = Encoding.Latin1.GetBytes("--" + boundary);
        var output = new ArrayBufferWriter<byte>(body.Length + (body.Length / 2) + 1);
        var (isPart, isClosed) = (false, false);
        var lead = ReadOnlyMemory<byte>.Empty;
        while (!body.IsEmpty)
        {
            // The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
            var end = NextDelimiter(body.Span, delimiter);
            var content = end < body.Length && body.Span[..end].EndsWith("\r\n"u8) ? end - 2 : end;
            if ((isPart ? part(body[..content]) : remark(body[..content])) is { } kept)
            {
                output.Write(lead.Span);
                output.Write(kept.Span);
            }

            var line = body.Span[end..].IndexOf((byte)'\n') is >= 0 and var lf ? end + lf + 1 : body.Length;
            isClosed |= line > end && body.Span[(end + delimiter.Length)..line].StartsWith("--"u8);
            isPart = !isClosed;
            lead = body[content..line];
            body = body[line..];
        }

        output.Write(lead.Span);
        return output.WrittenMemory;
    }

    private static int NextDelimiter(ReadOnlySpan<byte> body, ReadOnlySpan<byte> delimiter)
    {
        for (var from = 0; body[from..].IndexOf(delimiter) is >= 0 and var at; from += at + 1)
        {
            var start = from + at;
            if (start == 0 || body[start - 1] == (byte)'\n')
            {
                var rest = body[(start + delimiter.Length)..];
                rest = rest.IndexOf((byte)'\n') is >= 0 and var lf ? rest[..lf] : rest;
                if ((rest.StartsWith("--"u8) ? rest[2..] : rest).Trim(" \t\r"u8).IsEmpty)
                {
                    return start;
                }
            }
        }

        return body.Length;
    }
}
