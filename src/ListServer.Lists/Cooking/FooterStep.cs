using ListServer.Lists.Filtering;
using ListServer.Lists.Notices;

namespace ListServer.Lists.Cooking;

/// <summary>Lines of the list's that go around a body.</summary>
/// <param name="Text">As plain text.</param>
/// <param name="Html">As HTML; null where the list has none: then HTML gets a part of plain text beside it.</param>
/// <param name="IsAbove">True for a header.</param>
/// <param name="What">What they are, for a trace.</param>
internal sealed record Lines(FooterText Text, string? Html, bool IsAbove, string What);

/// <summary>Puts the list's header and footer around the body: within the text where that is safe, as a part of its own otherwise.</summary>
internal static class FooterStep
{
    public static Draft Apply(Draft draft, Recipe recipe)
    {
        var list = recipe.List;
        if (list.Header.Length + list.HeaderHtml.Length + list.Footer.Length + list.FooterHtml.Length == 0)
        {
            return draft;
        }

        var values = ListText.Values(list, recipe.Post, recipe.Options.WebAddress, ListFieldsStep.PostLink(draft, recipe));
        draft = Of(list.Header, list.HeaderHtml, values) is var (text, html) ? Put(draft, new Lines(text, html, IsAbove: true, "header"), recipe.Post.Id) : draft;
        return Of(list.Footer, list.FooterHtml, values) is var (below, markup) ? Put(draft, new Lines(below, markup, IsAbove: false, "footer"), recipe.Post.Id) : draft;
    }

    /// <summary>Puts lines of the list's around the body.</summary>
    /// <param name="draft">The copy.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="id">The post's own, for a delimiter.</param>
    public static Draft Put(Draft draft, Lines lines, string id)
    {
        var entity = BodyEntity.Of(draft.Fields);
        return entity switch
        {
            // What is encrypted, or signed in one opaque piece, is left whole: a wrapper hides it from the programs that open it.
            { MediaType: "multipart/encrypted" or "application/pkcs7-mime" or "application/x-pkcs7-mime" or "application/pgp-encrypted" } => draft,
            _ when InText(draft.Body, entity, lines) is { } body => Changed(draft with { Body = body }, lines, "as text"),
            { MediaType: "multipart/alternative", Boundary: { } boundary } when lines.Html is not null && InForms(draft.Body, boundary, lines) is { } body =>
                Changed(draft with { Body = body }, lines, "in each form of the text"),
            { MediaType: "multipart/mixed", Boundary: { } boundary } when Multipart.AddPart(draft.Body, entity, boundary, lines) is { } body =>
                Changed(draft with { Body = body }, lines, "as a part of its own"),
            _ => Changed(Multipart.Wrap(draft, entity, lines, id), lines, "as a part of its own, around the whole"),
        };
    }

    private static byte[]? InText(ReadOnlyMemory<byte> body, BodyEntity entity, Lines lines) => entity switch
    {
        { MediaType: "text/plain", IsAttachment: false } => lines.IsAbove ? TextFooter.Prepend(body, entity, lines.Text) : TextFooter.Append(body, entity, lines.Text),
        { MediaType: "text/html", IsAttachment: false } when lines.Html is { } html => HtmlFooter.Insert(body, entity, html, lines.IsAbove),
        _ => null,
    };

    // RFC 2046 §5.1.4: a reader sees one of the forms, so that each says the same; null where one of them can't.
    private static ReadOnlyMemory<byte>? InForms(ReadOnlyMemory<byte> body, string boundary, Lines lines)
    {
        var (texts, isWhole) = (0, true);
        var changed = Parts.Map(
            body,
            boundary,
            octets =>
            {
                var part = Entity.Of(octets);
                var entity = BodyEntity.Of(part.Fields);
                if (entity.MediaType is "multipart/related" && entity is { Boundary: { } inner, Encoding: "7bit" or "8bit" or "binary" })
                {
                    var related = InFirst(part.Body, inner, lines);
                    isWhole &= related is not null;
                    texts += related is null ? 0 : 1;
                    return related is { } whole ? (part with { Body = whole }).ToOctets() : octets;
                }

                if (entity is not { MediaType: "text/plain" or "text/html", IsAttachment: false })
                {
                    return octets;
                }

                var text = InText(part.Body, entity, lines);
                isWhole &= text is not null;
                texts++;
                return text is null ? octets : (part with { Body = text }).ToOctets();
            },
            octets => octets);
        return isWhole && texts > 0 ? changed : null;
    }

    private static ReadOnlyMemory<byte>? InFirst(ReadOnlyMemory<byte> body, string boundary, Lines lines)
    {
        var (isFirst, isDone) = (true, false);
        var changed = Parts.Map(
            body,
            boundary,
            octets =>
            {
                var part = Entity.Of(octets);
                var text = isFirst ? InText(part.Body, BodyEntity.Of(part.Fields), lines) : null;
                isDone |= text is not null;
                isFirst = false;
                return text is null ? octets : (part with { Body = text }).ToOctets();
            },
            octets => octets);
        return isDone ? changed : null;
    }

    private static (FooterText Text, string? Html)? Of(string plain, string html, IReadOnlyDictionary<string, object> values)
    {
        var markup = html.Length > 0 ? ListText.Fill(html, values, isHtml: true) : "";
        var text = plain.Length > 0 || markup.Length == 0 ? ListText.Fill(plain, values) : HtmlText.Of(markup) ?? "";
        return FooterText.Of(text) is { } lines ? (lines, string.IsNullOrWhiteSpace(markup) ? null : markup) : null;
    }

    private static Draft Changed(Draft draft, Lines lines, string where) =>
        draft.Note(ModificationKind.Body, $"{lines.What}, {where}", null, lines.Text.Text);
}
