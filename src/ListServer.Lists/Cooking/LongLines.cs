using System.Collections.Immutable;
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
                isIdentity && entity.Boundary is { } boundary ? (fields, Parts.Map(body, boundary, EncodeEntity, octets => octets)) : null,
            var type when type.StartsWith("message/", StringComparison.Ordinal) => isIdentity ? (fields, EncodeEntity(body)) : null,
            "" => null,
            _ when isIdentity => (BodyEntity.WithEncoding(fields, "base64"), Octets.ToBase64(body.Span)),
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

    /// <summary>quoted-printable with no line over 76 characters.</summary>
    /// <remarks>A soft break may stand anywhere but within an encoded octet, and nowhere else need anything change.</remarks>
    public static byte[] BreakSoftly(ReadOnlySpan<byte> text)
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
