using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>Encodes the parts of a body that have over-long lines; every other part keeps its octets (RFC 2045 §6).</summary>
internal static class LongLines
{
    /// <summary>The entity with short lines, or null when its lines are short, or can't be made so without breaking what is signed.</summary>
    public static (ImmutableArray<HeaderField> Fields, ReadOnlyMemory<byte> Body)? Encode(ImmutableArray<HeaderField> fields, ReadOnlyMemory<byte> body)
    {
        if (!Octets.HasLongLine(body.Span))
        {
            return null;
        }

        var entity = BodyEntity.Of(fields);
        var isIdentity = entity.Encoding is "7bit" or "8bit" or "binary";
        return entity.MediaType switch
        {
            "multipart/signed" or "multipart/encrypted" => null,
            var type when type.StartsWith("multipart/", StringComparison.Ordinal) =>
                isIdentity && entity.Boundary is { } boundary ? (fields, EncodeParts(body, boundary)) : null,
            var type when type.StartsWith("message/", StringComparison.Ordinal) => isIdentity ? (fields, EncodeEntity(body)) : null,
            "" => null,
            _ when isIdentity => (WithBase64(fields), Octets.ToBase64(body.Span)),
            _ => entity.Encoding switch
            {
                "base64" => (fields, Rewrap(body.Span)),
                "quoted-printable" => (fields, BreakSoftly(body.Span)),
                _ => null,
            },
        };
    }

    private static ReadOnlyMemory<byte> EncodeEntity(ReadOnlyMemory<byte> octets)
    {
        var inner = RawMessage.Parse(octets);
        return Encode(inner.Fields, inner.Body) is var (fields, body)
            ? (byte[])[.. Draft.Join(fields).Span, .. "\r\n"u8, .. body.Span]
            : octets;
    }

    private static ReadOnlyMemory<byte> EncodeParts(ReadOnlyMemory<byte> body, string boundary)
    {
        var delimiter = Encoding.Latin1.GetBytes("--" + boundary);
        var output = new ArrayBufferWriter<byte>(body.Length + (body.Length / 2));
        var (isPart, isClosed) = (false, false);
        while (!body.IsEmpty)
        {
            // The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
            var end = NextDelimiter(body.Span, delimiter);
            var content = end < body.Length && body.Span[..end].EndsWith("\r\n"u8) ? end - 2 : end;
            output.Write((isPart ? EncodeEntity(body[..content]) : body[..content]).Span);
            output.Write(body.Span[content..end]);
            body = body[end..];

            var line = body.Span.IndexOf((byte)'\n') is >= 0 and var lf ? lf + 1 : body.Length;
            isClosed |= line > 0 && body.Span[delimiter.Length..line].StartsWith("--"u8);
            isPart = !isClosed;
            output.Write(body.Span[..line]);
            body = body[line..];
        }

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

    private static ImmutableArray<HeaderField> WithBase64(ImmutableArray<HeaderField> fields) =>
        fields.RemoveAll(f => f.Is("Content-Transfer-Encoding")).Add(Field.Make("Content-Transfer-Encoding", "base64"));

    private static byte[] Rewrap(ReadOnlySpan<byte> base64)
    {
        var output = new List<byte>(base64.Length + (base64.Length / 36));
        var column = 0;
        foreach (var octet in base64)
        {
            if (octet is (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            if (column == 76)
            {
                output.AddRange("\r\n"u8);
                column = 0;
            }

            output.Add(octet);
            column++;
        }

        output.AddRange("\r\n"u8);
        return [.. output];
    }

    // A soft break may stand anywhere but within an encoded octet, and nowhere else need anything change.
    private static byte[] BreakSoftly(ReadOnlySpan<byte> text)
    {
        var output = new List<byte>(text.Length + (text.Length / 32));
        var column = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isEnd = text[i] is (byte)'\r' or (byte)'\n' || text[i..].StartsWith("=\r\n"u8);
            if (column >= 72 && !isEnd && (i < 1 || text[i - 1] != '=') && (i < 2 || text[i - 2] != '='))
            {
                output.AddRange("=\r\n"u8);
                column = 0;
            }

            output.Add(text[i]);
            column = text[i] == (byte)'\n' ? 0 : column + 1;
        }

        return [.. output];
    }
}
