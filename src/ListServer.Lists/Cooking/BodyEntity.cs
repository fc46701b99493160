using System.Collections.Immutable;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Cooking;

/// <summary>What the Content-* fields say about a body.</summary>
/// <param name="MediaType">type/subtype in lower case; text/plain by default (RFC 2045 §5.2); empty when it can't be told.</param>
/// <param name="Charset">In lower case; us-ascii by default.</param>
/// <param name="Encoding">The Content-Transfer-Encoding in lower case; 7bit by default.</param>
/// <param name="Boundary">The delimiter of a multipart, or null.</param>
/// <param name="IsFlowed">format=flowed (RFC 3676).</param>
/// <param name="IsAttachment">Not to be shown inline.</param>
internal sealed record BodyEntity(string MediaType, string Charset, string Encoding, string? Boundary, bool IsFlowed, bool IsAttachment)
{
    public static BodyEntity Of(ImmutableArray<HeaderField> fields)
    {
        var encoding = Keyword(fields, "Content-Transfer-Encoding") is { Length: > 0 } e ? e : "7bit";
        var isAttachment = Keyword(fields, "Content-Disposition") == "attachment";
        if (Field.Find(fields, "Content-Type") is not { } field)
        {
            return new("text/plain", "us-ascii", encoding, null, false, isAttachment);
        }

        if (fields.Count(f => f.Is("Content-Type")) > 1
            || !ContentType.TryParse(ParserOptions.Default, field.RawValue.ToArray(), out var type))
        {
            return new("", "", encoding, null, false, isAttachment);
        }

        return new(
            type.MimeType.ToLowerInvariant(),
            type.Charset is { Length: > 0 } charset ? charset.ToLowerInvariant() : "us-ascii",
            encoding,
            type.Boundary is { Length: > 0 } boundary ? boundary : null,
            "flowed".Equals(type.Parameters["format"], StringComparison.OrdinalIgnoreCase),
            isAttachment);
    }

    /// <summary>The fields with this Content-Transfer-Encoding and no other.</summary>
    public static ImmutableArray<HeaderField> WithEncoding(ImmutableArray<HeaderField> fields, string encoding) =>
        fields.RemoveAll(f => f.Is("Content-Transfer-Encoding")).Add(Field.Make("Content-Transfer-Encoding", encoding));

    private static string Keyword(ImmutableArray<HeaderField> fields, string name) => Field.Find(fields, name) is { } field
        ? Cfws.Remove(Field.Value(field)).Split(';')[0].Trim().ToLowerInvariant()
        : "";
}
