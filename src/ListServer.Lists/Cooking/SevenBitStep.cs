namespace ListServer.Lists.Cooking;

/// <summary>Writes a post in ASCII for hosts that take nothing else (RFC 6152 §3, AUTH-37), before anything of it is signed.</summary>
internal static class SevenBitStep
{
    public static Draft Apply(Draft draft, Recipe recipe)
    {
        if (!recipe.Options.IsSevenBit)
        {
            return draft;
        }

        var header = SevenBitHeader.Encode(draft.Fields);
        var (fields, body) = SevenBitBody.Encode(header, draft.Body);
        var isHeader = header != draft.Fields;
        var isBody = fields != header || !body.Equals(draft.Body);
        draft = draft with { Fields = fields, Body = body };
        draft = isHeader ? draft.Note(ModificationKind.Form, "header", "octets above 127", "encoded words") : draft;
        return isBody ? draft.Note(ModificationKind.Form, "body", "8bit", "quoted-printable, base64 or 7bit") : draft;
    }
}
