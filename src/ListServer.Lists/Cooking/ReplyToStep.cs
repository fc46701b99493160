using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>Where answers go (LIST-pain-13, AUTH-67).</summary>
public enum ReplyPolicy
{
    /// <summary>Where the author wants them; to the author when From is rewritten.</summary>
    Author,

    /// <summary>To the list, and to where the author asked for them, if they did.</summary>
    List,

    /// <summary>To one address, whatever the author asked for.</summary>
    Explicit,

    /// <summary>To the list and to the author, or to where the author asked for them.</summary>
    Both,
}

/// <summary>Writes Reply-To as the list's policy says. Where the author is then named nowhere else, rewriting puts them into Cc.</summary>
internal static class ReplyToStep
{
    private const string Name = "Reply-To";

    public static Draft Apply(Draft draft, Recipe recipe)
    {
        var own = draft.Fields.Where(f => f.Is(Name) && Field.Value(f).Length > 0).Select(Value).FirstOrDefault();
        var list = $"<{recipe.List.Address}>";
        var value = recipe.List.ReplyTo switch
        {
            ReplyPolicy.List => own is null ? list : Names(own, recipe.List.Address) ? own : $"{list},\r\n {own}",
            ReplyPolicy.Explicit => $"<{recipe.List.ReplyAddress}>",
            ReplyPolicy.Both => (own ?? Value(draft.Find("From")!.Value)) is var author && Names(author, recipe.List.Address) ? author : $"{author},\r\n {list}",
            _ => own,
        };
        return value is null || value == own
            ? draft
            : Put(draft.Remove(ModificationKind.FieldRemoved, f => f.Is(Name)), ModificationKind.FieldAdded, Name, value);
    }

    /// <summary>True when the policy leaves no way to the author but From.</summary>
    public static bool HidesAuthor(MailingList list) => list.ReplyTo is ReplyPolicy.List or ReplyPolicy.Explicit;

    /// <summary>Puts a field of other people's octets on top.</summary>
    /// <param name="draft">The copy.</param>
    /// <param name="kind">What kind of change it is.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Each char one octet, folds kept.</param>
    public static Draft Put(Draft draft, ModificationKind kind, string name, string value)
    {
        var field = Field.Make(name, Encoding.Latin1.GetBytes(" " + value));
        return (draft with { Fields = draft.Fields.Insert(0, field) }).Note(kind, name, null, Field.Value(field));
    }

    private static string Value(HeaderField field) => Encoding.Latin1.GetString(field.RawValue.Span).Trim();

    private static bool Names(string value, string address) => value.Contains(address, StringComparison.OrdinalIgnoreCase);
}
