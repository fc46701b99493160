using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Mitigation;

/// <summary>Puts the list into From, and the author beside it (AUTH-66 to 69).</summary>
internal static class Rewriting
{
    public static Draft Apply(Draft draft, Recipe recipe, bool isMarked)
    {
        var from = draft.Find("From")!.Value;
        var author = from.RawValue.Span.TrimEnd("\r\n"u8).ToArray();
        draft = draft
            .Replace(ModificationKind.Author, From(recipe, isMarked))
            .Remove(ModificationKind.Author, f => f.Is("Sender") || f.Is("X-Original-From"));
        draft = Put(draft, "X-Original-From", author);
        if (draft.Find("Author") is null)
        {
            draft = Put(draft, "Author", author);
        }

        // AUTH-67: an author who asked for answers elsewhere gets them there.
        return draft.Fields.Any(f => f.Is("Reply-To") && Field.Value(f).Length > 0)
            ? draft
            : Put(draft.Remove(ModificationKind.Author, f => f.Is("Reply-To")), "Reply-To", author);
    }

    /// <summary>"Name via List" with the list's address.</summary>
    public static HeaderField From(Recipe recipe, bool isMarked)
    {
        var name = DisplayName.Clean(recipe.Post.Report.Author) + (isMarked ? " (author not verified)" : "");
        var phrase = $"{name} via {PostContent.OneLine(recipe.List.DisplayName)}";
        return Field.Make("From", EncodedWords.Mailbox(phrase, recipe.List.Address, "From: ".Length));
    }

    private static Draft Put(Draft draft, string name, byte[] value)
    {
        var field = Field.Make(name, value);
        return (draft with { Fields = draft.Fields.Insert(0, field) }).Note(ModificationKind.Author, name, null, Field.Value(field));
    }
}
