using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>Puts our own Authentication-Results and Received on top (RFC 8601 §4.1, RFC 5321 §4.4).</summary>
internal static class TraceStep
{
    public static Draft Apply(Draft draft, Recipe recipe)
    {
        if (recipe.List.IsAnonymous)
        {
            // Both name the author's server.
            return draft;
        }

        var fields = RawMessage.Parse(recipe.Options.TraceFields).Fields;
        draft = draft with { Fields = draft.Fields.InsertRange(0, fields) };
        foreach (var field in fields)
        {
            draft = draft.Note(ModificationKind.FieldAdded, field.Name, null, Field.Value(field));
        }

        return draft;
    }
}
