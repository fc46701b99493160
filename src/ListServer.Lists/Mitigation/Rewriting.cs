using System.Text;
using System.Text.RegularExpressions;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Mitigation;

/// <summary>Puts the list into From, and the author beside it (AUTH-66 to 69).</summary>
internal static partial class Rewriting
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

        if (ReplyToStep.HidesAuthor(recipe.List))
        {
            return NameInCc(draft, recipe.Post.Report.Author.Address!);
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

    // AUTH-67: never an address that nobody reads, and nobody twice. Cc is one field (RFC 5322 §3.6).
    private static Draft NameInCc(Draft draft, string author)
    {
        var named = draft.Fields.Where(f => f.Is("To") || f.Is("Cc") || f.Is("Reply-To")).Select(Field.Value).ToArray();
        if (NoReply().IsMatch(author) || Array.Exists(named, value => value.Contains(author, StringComparison.OrdinalIgnoreCase)))
        {
            return draft;
        }

        var cc = draft.Find("Cc") is { } field && Field.Value(field).Length > 0
            ? [.. field.RawValue.Span.TrimEnd("\r\n"u8), .. ",\r\n "u8, .. Encoding.UTF8.GetBytes($"<{author}>")]
            : Encoding.UTF8.GetBytes($" <{author}>");
        return draft.Replace(ModificationKind.Author, Field.Make("Cc", cc));
    }

    private static Draft Put(Draft draft, string name, byte[] value)
    {
        var field = Field.Make(name, value);
        return (draft with { Fields = draft.Fields.Insert(0, field) }).Note(ModificationKind.Author, name, null, Field.Value(field));
    }

    [GeneratedRegex("^(no|do-?not)-?reply[@+.-]", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex NoReply();
}
