using System.Collections.Frozen;
using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>
/// On a list that hides its authors: nothing of the header passes but what is named here, and From is the list. A list of what is taken out would
/// miss what a mail program invents tomorrow.
/// </summary>
internal static class AnonymousStep
{
    private static readonly FrozenSet<string> Kept = new[]
    {
        "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Language", "Content-Disposition",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static Draft Apply(Draft draft, Recipe recipe)
    {
        var list = recipe.List;
        if (!list.IsAnonymous)
        {
            return draft;
        }

        var from = Field.Make("From", EncodedWords.Mailbox(PostContent.OneLine(list.DisplayName), list.Address, "From: ".Length));
        var threads = draft.Fields.Where(f => f.Is("In-Reply-To") || f.Is("References")).Select(field => OwnIdentifiers(field, list)).OfType<HeaderField>();
        var fields = ImmutableArray.CreateRange([from, Field.Make("To", $"<{list.Address}>"), .. threads, .. draft.Fields.Where(f => Kept.Contains(f.Name))]);
        return (draft with { Fields = fields }).Note(ModificationKind.Author, "header", "the author's", "nothing that names the author");
    }

    // An identifier has its maker's domain in it: those that this list gave out lead to its own posts.
    private static HeaderField? OwnIdentifiers(HeaderField field, MailingList list)
    {
        var own = Field.Value(field).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(id => id.StartsWith('<') && id.EndsWith($"@{list.Domain}>", StringComparison.OrdinalIgnoreCase)).ToList();
        return own.Count == 0 ? null : Field.Make(field.Name, string.Join("\r\n ", own));
    }
}
