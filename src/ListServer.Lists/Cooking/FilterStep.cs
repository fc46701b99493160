using ListServer.Lists.Filtering;

namespace ListServer.Lists.Cooking;

/// <summary>Takes out what the list does not let through, and says so behind the text.</summary>
internal static class FilterStep
{
    public static Draft Apply(Draft draft, Recipe recipe)
    {
        var filter = recipe.Options.KeepsAttachments && recipe.List.Filter.Attachments is AttachmentAction.Link
            ? recipe.List.Filter with { Attachments = AttachmentAction.Keep }
            : recipe.List.Filter;
        var whole = new Entity(draft.Fields, draft.Body);

        // What does not pass by itself came here because somebody approved it as it is.
        if (filter.IsIdle || FilterRun.Apply(filter, whole) is not { Whole: { } left } filtered || filtered.Problem(filter) is not null || ReferenceEquals(left, whole))
        {
            return draft;
        }

        var link = ListFieldsStep.PostLink(draft, recipe);
        if (link is null && filtered.Parts.Any(part => part.IsKept))
        {
            // Without an archive that its readers can open, a link would be a loss.
            return Apply(draft, recipe with { List = recipe.List with { Filter = filter with { Attachments = AttachmentAction.Keep } } });
        }

        draft = draft with { Fields = left.Fields, Body = left.Body };
        draft = filtered.IsConverted ? draft.Note(ModificationKind.Body, "content filter", "HTML, or text in two forms", "plain text") : draft;
        draft = filtered.Parts.Aggregate(draft, (d, part) => d.Note(ModificationKind.Body, part.IsKept ? "content filter, kept in the archive" : "content filter", part.ToString(), null));
        return FooterText.Of(string.Join('\n', filtered.Parts.Select(part => part.Line(recipe.List.Language, part.IsKept ? link : null)))) is { } note
            ? FooterStep.Put(draft, new Lines(note, null, IsAbove: false, "note"), recipe.Post.Id)
            : draft;
    }
}
