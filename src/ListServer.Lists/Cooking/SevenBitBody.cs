using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>
/// A body in ASCII: text in quoted-printable or, where most of it is not ASCII, base64; everything else in base64; multiparts part by part
/// (RFC 2045 §6, RFC 2046 §5). What is signed or encrypted stays whole, 8-bit as it is.
/// </summary>
internal static class SevenBitBody
{
    /// <summary>The entity with its body in ASCII where that can be; the same arrays when it is so already.</summary>
    public static (ImmutableArray<HeaderField> Fields, ReadOnlyMemory<byte> Body) Encode(ImmutableArray<HeaderField> fields, ReadOnlyMemory<byte> body)
    {
        var entity = BodyEntity.Of(fields);
        var isIdentity = entity.Encoding is "7bit" or "8bit" or "binary";
        if (Ascii.IsValid(body.Span))
        {
            return isIdentity && entity.Encoding != "7bit" ? (BodyEntity.WithEncoding(fields, "7bit"), body) : (fields, body);
        }

        return entity.MediaType switch
        {
            "" or "multipart/signed" or "multipart/encrypted" => (fields, body),
            "message/rfc822" or "message/global" or "message/news" => isIdentity ? (BodyEntity.WithEncoding(fields, "7bit"), EncodeEntity(body)) : (fields, body),
            var type when type.StartsWith("message/", StringComparison.Ordinal) => (fields, body),
            var type when type.StartsWith("multipart/", StringComparison.Ordinal) => isIdentity && entity.Boundary is { } boundary
                ? (BodyEntity.WithEncoding(fields, "7bit"), Parts.Map(body, boundary, EncodeEntity, Blank))
                : (fields, body),
            var type when isIdentity => EncodeContent(fields, body, isText: type.StartsWith("text/", StringComparison.Ordinal)),
            _ => (fields, EncodeStray(body, entity.Encoding)),
        };
    }

    private static ReadOnlyMemory<byte> EncodeEntity(ReadOnlyMemory<byte> octets)
    {
        if (Ascii.IsValid(octets.Span))
        {
            return octets;
        }

        var inner = RawMessage.Parse(octets);
        var (fields, body) = Encode(SevenBitHeader.Encode(inner.Fields), inner.Body);
        return (byte[])[.. Draft.Join(fields).Span, .. "\r\n"u8, .. body.Span];
    }

    private static (ImmutableArray<HeaderField> Fields, ReadOnlyMemory<byte> Body) EncodeContent(
        ImmutableArray<HeaderField> fields, ReadOnlyMemory<byte> body, bool isText)
    {
        var above = 0;
        foreach (var octet in body.Span)
        {
            above += octet >> 7;
        }

        // An octet takes three characters in the one and four thirds in the other.
        return isText && above < body.Length / 6
            ? (BodyEntity.WithEncoding(fields, "quoted-printable"), Octets.ToQuotedPrintable(body.Span))
            : (BodyEntity.WithEncoding(fields, "base64"), Octets.ToBase64(body.Span));
    }

    // RFC 2045 §6.7, §6.8: neither encoding has octets above 127; readers show them in the one, and pass over them in the other.
    private static ReadOnlyMemory<byte> EncodeStray(ReadOnlyMemory<byte> body, string encoding)
    {
        if (encoding is not ("quoted-printable" or "base64"))
        {
            return body;
        }

        var output = new List<byte>(body.Length + 64);
        foreach (var octet in body.Span)
        {
            if (octet < 128)
            {
                output.Add(octet);
            }
            else if (encoding == "quoted-printable")
            {
                output.AddRange(Encoding.ASCII.GetBytes($"={octet:X2}"));
            }
        }

        return output.Count > body.Length ? LongLines.BreakSoftly([.. output]) : output.ToArray();
    }

    private static ReadOnlyMemory<byte> Blank(ReadOnlyMemory<byte> remark)
    {
        var output = remark.ToArray();
        foreach (ref var octet in output.AsSpan())
        {
            octet = octet < 128 ? octet : (byte)'?';
        }

        return output;
    }
}
