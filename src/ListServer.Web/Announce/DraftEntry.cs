using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Announce;

/// <summary>What the form of a draft holds, as it was typed.</summary>
/// <param name="From">The address in whose name it goes.</param>
/// <param name="Name">The name beside it.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The text.</param>
/// <param name="Html">The same with looks.</param>
public sealed record DraftEntry(string From, string Name, string Subject, string Text, string Html)
{
    internal static DraftEntry New(MailingList list) => new(list.Address, list.DisplayName, "", "", "");

    internal static DraftEntry Of(AnnouncementDraft draft) => new(draft.From, draft.Name, draft.Subject, draft.Text, draft.Html);

    internal static DraftEntry Of(IFormCollection form) =>
        new(form["from"].ToString(), form["name"].ToString(), form["subject"].ToString(), form["text"].ToString(), form["html"].ToString());

    /// <summary>In whose name the viewer may write: the list's, and their own.</summary>
    internal static string[] Senders(Visit visit) => [visit.List.Address, visit.Visitor!.Address];
}
