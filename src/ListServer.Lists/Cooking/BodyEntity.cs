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
    public static BodyEntity Of(Draft draft)
    {
        var encoding = Keyword(draft, "Content-Transfer-Encoding") is { Length: > 0 } e ? e : "7bit";
        var isAttachment = Keyword(draft, "Content-Disposition") == "attachment";
        if (draft.Find("Content-Type") is not { } field)
        {
            return new("text/plain", "us-ascii", encoding, null, false, isAttachment);
        }

        if (draft.Fields.Count(f => f.Is("Content-Type")) > 1
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

    private static string Keyword(Draft draft, string name) => draft.Find(name) is { } field
        ? Cfws.Remove(Field.Value(field), keepsQuoted: true).Split(';')[0].Trim().ToLowerInvariant()
        : "";
}
