using System.Globalization;
using ListServer.Lists.Archiving;

namespace ListServer.Lists.Cooking;

/// <summary>Puts in what says that a list sent this (RFC 2369, RFC 2919), and what every message must have (RFC 5322 §3.6).</summary>
internal static class ListFieldsStep
{
    public static Draft Apply(Draft draft, Recipe recipe)
    {
        var list = recipe.List;
        foreach (var (name, value) in Missing(draft, recipe).Concat(Values(list)).Concat(Archive(draft, recipe)).Concat(FeedbackId(draft, list)).Reverse())
        {
            draft = draft.Prepend(name, value);
        }

        return draft;
    }

    /// <summary>The mailto form of List-Unsubscribe.</summary>
    public static string Leave(MailingList list) => $"<mailto:{list.RoleAddress("leave")}>";

    /// <summary>The fields that say which list speaks.</summary>
    public static IEnumerable<(string Name, string Value)> Values(MailingList list)
    {
        yield return ("List-Id", EncodedWords.Mailbox(PostContent.OneLine(list.DisplayName), list.ListId, "List-Id: ".Length));

        // RFC 2369 §3.4: "NO" where posting is not allowed.
        yield return ("List-Post", list.Posting is PostingPolicy.AnnounceOnly ? "NO" : $"<mailto:{list.Address}>");
        yield return ("List-Help", $"<mailto:{list.RoleAddress("request")}?subject=help>");
        yield return ("List-Owner", $"<mailto:{list.RoleAddress("owner")}>");
        yield return ("List-Subscribe", $"<mailto:{list.RoleAddress("join")}>");
        yield return ("List-Unsubscribe", Leave(list));
        yield return ("Precedence", "list");

        // Found again by us even where another list on the way took out our List-Id (AUTH-55).
        yield return ("X-Loop", list.Address);
    }

    // RFC 2369 §3.6, RFC 5064 §2.2: only where somebody who gets the copy can follow the link.
    private static IEnumerable<(string Name, string Value)> Archive(Draft draft, Recipe recipe)
    {
        if (PostLink(draft, recipe) is { } link)
        {
            yield return ("List-Archive", $"<{ArchiveLinks.List(recipe.Options.WebAddress!, recipe.List.Address)}>");
            yield return ("Archived-At", $"<{link}>");
        }
    }

    /// <summary>Where the archive shows the post; null where those who get the copy can't open it.</summary>
    public static string? PostLink(Draft draft, Recipe recipe)
    {
        if (recipe.Options.WebAddress is not { } web || recipe.List.Archive is not (ArchiveAccess.Public or ArchiveAccess.Members))
        {
            return null;
        }

        var id = recipe.List.IsAnonymous || draft.Find("Message-ID") is null ? GivenId(recipe) : recipe.Post.MessageId;
        return ArchiveLinks.Message(web, recipe.List.Address, id.Length > 0 ? id : recipe.Post.Id);
    }

    private static string GivenId(Recipe recipe) => $"<{recipe.Post.Id}@{recipe.List.Domain}>";

    // Large receivers refuse what has no Message-ID; the same post gets the same one.
    private static IEnumerable<(string Name, string Value)> Missing(Draft draft, Recipe recipe)
    {
        if (draft.Find("Message-ID") is null)
        {
            yield return ("Message-ID", GivenId(recipe));
        }

        if (draft.Find("Date") is null)
        {
            yield return ("Date", Date(recipe.Post.ReceivedAt));
        }
    }

    // AUTH-80: by it Gmail tells a sender how many complain about which list, so it is the same for every post. An author's own stays.
    private static IEnumerable<(string Name, string Value)> FeedbackId(Draft draft, MailingList list) =>
        draft.Find("Feedback-ID") is null ? [("Feedback-ID", $"{list.LocalPart}:{list.Domain}:list:listserver")] : [];

    internal static string Date(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
}
