namespace ListServer.Lists.Cooking;

/// <summary>Puts the list's footer behind the body: within the text where that is safe, as a part of its own otherwise.</summary>
internal static class FooterStep
{
    public static Draft Apply(Draft draft, Recipe recipe)
    {
        return FooterText.Of(recipe.List.Footer) is { } footer ? Put(draft, footer, recipe.Post.Id, "footer") : draft;
    }

    /// <summary>Puts lines of the list's behind the body.</summary>
    /// <param name="draft">The copy.</param>
    /// <param name="footer">The lines.</param>
    /// <param name="id">The post's own, for a delimiter.</param>
    /// <param name="what">What they are, for a trace.</param>
    public static Draft Put(Draft draft, FooterText footer, string id, string what)
    {
        var entity = BodyEntity.Of(draft.Fields);
        return entity switch
        {
            // What is encrypted, or signed in one opaque piece, is left whole: a wrapper hides it from the programs that open it.
            { MediaType: "multipart/encrypted" or "application/pkcs7-mime" or "application/x-pkcs7-mime" or "application/pgp-encrypted" } => draft,
            { MediaType: "text/plain", IsAttachment: false } when TextFooter.Append(draft.Body, entity, footer) is { } body =>
                Changed(draft with { Body = body }, $"{what}, as text", footer),
            { MediaType: "multipart/mixed", Boundary: { } boundary } when Multipart.AddPart(draft.Body, entity, boundary, footer) is { } body =>
                Changed(draft with { Body = body }, $"{what}, as a part of its own", footer),
            _ => Changed(Multipart.Wrap(draft, entity, footer, id), $"{what}, as a part of its own, around the whole", footer),
        };
    }

    private static Draft Changed(Draft draft, string where, FooterText footer) =>
        draft.Note(ModificationKind.Body, where, null, footer.Text);
}
