namespace ListServer.Lists.Cooking;

/// <summary>Puts the list's footer behind the body: within the text where that is safe, as a part of its own otherwise.</summary>
internal static class FooterStep
{
    public static Draft Apply(Draft draft, Recipe recipe)
    {
        if (FooterText.Of(recipe.List) is not { } footer)
        {
            return draft;
        }

        var entity = BodyEntity.Of(draft.Fields);
        return entity switch
        {
            // What is encrypted, or signed in one opaque piece, is left whole: a wrapper hides it from the programs that open it.
            { MediaType: "multipart/encrypted" or "application/pkcs7-mime" or "application/x-pkcs7-mime" or "application/pgp-encrypted" } => draft,
            { MediaType: "text/plain", IsAttachment: false } when TextFooter.Append(draft.Body, entity, footer) is { } body =>
                Changed(draft with { Body = body }, "text", footer),
            { MediaType: "multipart/mixed", Boundary: { } boundary } when Multipart.AddPart(draft.Body, entity, boundary, footer) is { } body =>
                Changed(draft with { Body = body }, "a part of its own", footer),
            _ => Changed(Multipart.Wrap(draft, entity, footer, recipe.Post.Id), "a part of its own, around the whole", footer),
        };
    }

    private static Draft Changed(Draft draft, string where, FooterText footer) =>
        draft.Note(ModificationKind.Body, $"footer, as {where}", null, footer.Text);
}
