using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.Lists.Filtering;
using static ListServer.Web.Settings.Setting;
using static ListServer.Web.Visits.Words;

namespace ListServer.Web.Settings;

/// <summary>Settings that stand on one page.</summary>
/// <param name="Name">In the page's address.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Settings">In their order.</param>
public sealed record SettingGroup(string Name, string Title, IReadOnlyList<Setting> Settings)
{
    /// <summary>All groups.</summary>
    public static readonly IReadOnlyList<SettingGroup> All =
    [
        new("basics", Later("Basics"),
        [
            OfLine("name", Later("Name"), Later("What people see in their mail and on pages."), list => list.DisplayName, (s, text) => s with { DisplayName = text }),
            OfLine("description", Later("Description"), Later("One line that says what the list is for."), list => list.Description, (s, text) => s with { Description = text }),
            new("language", Later("Language"), Later("The language of what the list itself writes to members and authors."), SettingForm.Choice, list => list.Language, (s, text) => s with { Language = text })
            {
                Choices = [("en", "English"), ("ja", "日本語")],
            },
        ]),
        new("posting", Later("Posting"),
        [
            OfChoice("posting", Later("Who may post"), Later("Whose mails go to the list at once. What waits, waits for a moderator."), list => list.Posting, (s, value) => s with { Posting = value },
                (PostingPolicy.Open, Later("anyone whose address is verified")), (PostingPolicy.Members, Later("members; what others send waits")),
                (PostingPolicy.Moderated, Later("every post waits first")), (PostingPolicy.AnnounceOnly, Later("owners and moderators only; others are refused"))),
            OfNumber("max-size", Later("Largest post, in octets"), Later("Larger posts wait for a moderator. 0 for the server’s own limit."), list => list.MaxPostOctets, (s, number) => s with { MaxPostOctets = number }),
            OfChoice("hold-notices", Later("Word of held posts"), Later("When owners and moderators hear by mail of what waits for them."), list => list.HoldNotices, (s, value) => s with { HoldNotices = value },
                (HoldNoticeSetting.AtOnce, Later("at once")), (HoldNoticeSetting.Daily, Later("once a day")), (HoldNoticeSetting.Never, Later("never; they look here"))),
            OfSwitch("tell-authors", Later("Tell authors that their post waits"), Later("Only verified authors are told, so that nobody is written to in a stranger’s name."), list => list.TellHeldAuthors, (s, yes) => s with { TellHeldAuthors = yes }),
            OfNumber("max-held-days", Later("Days that a post waits"), Later("After so many days without a decision it is discarded. 0 for never."), list => list.MaxHeldDays, (s, number) => s with { MaxHeldDays = (int)number }),
        ]),
        new("joining", Later("Joining"),
        [
            OfChoice("subscription", Later("Who may join"), Later("What happens when somebody asks to join."), list => list.Subscription, (s, value) => s with { Subscription = value },
                (SubscriptionPolicy.Open, Later("whoever asks, at once")), (SubscriptionPolicy.Confirm, Later("whoever answers a mail that asks whether they want it (recommended)")),
                (SubscriptionPolicy.Moderate, Later("whom an owner lets in")), (SubscriptionPolicy.ConfirmThenModerate, Later("who answers that mail, and whom an owner lets in")),
                (SubscriptionPolicy.Closed, Later("only those who are invited or added"))),
            OfChoice("roster", Later("Who may see the members"), Later("Who gets the list of members when they ask for it by mail."), list => list.Roster, (s, value) => s with { Roster = value },
                (RosterAccess.Nobody, Later("nobody")), (RosterAccess.Moderators, Later("those who run the list")), (RosterAccess.Members, Later("members")), (RosterAccess.Anyone, Later("everybody"))),
            OfSwitch("advertised", Later("Name the list to strangers"), Later("The list stands among those that this server names to whoever asks."), list => list.IsAdvertised, (s, yes) => s with { IsAdvertised = yes }),
        ]),
        new("protection", Later("Sender protection"),
        [
            OfChoice("from", Later("When a sender’s provider is strict"),
                Later("Some providers let nobody else send mail in their users’ names. A list that changes a post breaks the sender’s seal on it, and strict receivers would refuse it."),
                list => list.Mitigation, (s, value) => s with { Mitigation = value },
                (MitigationSetting.Auto, Later("show “name via list” for strict senders only (recommended)")), (MitigationSetting.Always, Later("show “name via list” for everybody")),
                (MitigationSetting.Wrap, Later("put the mail of strict senders into an envelope")), (MitigationSetting.Never, Later("change nothing that would break a strict sender’s seal"))),
            OfSwitch("require-verified", Later("Hold what is not verified"), Later("Mail whose sender can’t be verified waits for a moderator, though the sender’s provider is not strict."), list => list.RequireAuthorAuthentication, (s, yes) => s with { RequireAuthorAuthentication = yes }),
            OfSwitch("refuse-forged", Later("Refuse what looks forged"), Later("Mail in the name of a strict sender that nothing vouches for is refused at once, rather than held, where you agreed to it under “Consent”."), list => list.RejectForgedStrict, (s, yes) => s with { RejectForgedStrict = yes }),
        ]),
        new("look", Later("Look"),
        [
            OfLine("subject-prefix", Later("Before the subject"), Later("Such as [garden]. %d stands for the post’s number. Empty for nothing."), list => list.SubjectPrefix, (s, text) => s with { SubjectPrefix = text }),
            new("header", Later("Above each post"), Later("A few lines. {{ list_name }}, {{ serial }}, {{ author_name }}, {{ post_link }} and {{ leave_address }} stand for what they say. Empty for nothing."), SettingForm.Text, list => list.Header, (s, text) => s with { Header = text }),
            new("footer", Later("Below each post"), Later("A few lines, such as how to leave. Empty for nothing."), SettingForm.Text, list => list.Footer, (s, text) => s with { Footer = text }),
            new("header-html", Later("Above each post in HTML"), Later("The same as HTML, put into text with looks. Empty: such mail gets the lines beside it."), SettingForm.Text, list => list.HeaderHtml, (s, text) => s with { HeaderHtml = text }),
            new("footer-html", Later("Below each post in HTML"), Later("The same as HTML, put into text with looks. Empty: such mail gets the lines beside it."), SettingForm.Text, list => list.FooterHtml, (s, text) => s with { FooterHtml = text }),
            OfSwitch("transparent", Later("Change nothing"), Later("What the author wrote and signed stays as it is: no words before the subject, no lines above and below, no other address for replies."), list => list.IsTransparent, (s, yes) => s with { IsTransparent = yes }),
            OfSwitch("anonymous", Later("Hide authors"), Later("No copy and no archived post names its author; those who run the list still see who wrote. What an author writes in the text stays."), list => list.IsAnonymous, (s, yes) => s with { IsAnonymous = yes }),
            OfSwitch("personal", Later("A copy for each member"), Later("Each member’s copy has a link to leave by one click. Sending takes longer for large lists."), list => list.Personalize, (s, yes) => s with { Personalize = yes }),
        ]),
        new("content", Later("Attachments and HTML"),
        [
            OfChoice("html", Later("Text with looks (HTML)"), Later("Plain text is small and shows the same everywhere."), list => list.Filter.Html, (s, value) => s with { Filter = Filter(s) with { Html = value } },
                (HtmlAction.Keep, Later("stays as it is")), (HtmlAction.Text, Later("becomes plain text"))),
            OfChoice("attachments", Later("Attachments"), Later("What becomes of those that are larger than the limit below."), list => list.Filter.Attachments, (s, value) => s with { Filter = Filter(s) with { Attachments = value } },
                (AttachmentAction.Keep, Later("they stay")), (AttachmentAction.Remove, Later("they are taken out; a note names them")),
                (AttachmentAction.Link, Later("they are kept in the archive; a note has the link")), (AttachmentAction.Hold, Later("the post waits for a moderator"))),
            OfNumber("max-attachment", Later("Limit for attachments, in octets"), Later("Attachments up to this size stay. 0 for none."), list => list.Filter.MaxAttachmentOctets, (s, number) => s with { Filter = Filter(s) with { MaxAttachmentOctets = number } }),
            OfLine("filter-types", Later("Types that are taken out"), Later("Such as video application/zip, with blanks between. Empty for none."), list => string.Join(' ', list.Filter.FilterTypes), (s, text) => s with { Filter = Filter(s) with { FilterTypes = text } }),
            OfLine("pass-types", Later("Types that alone are let through"), Later("Such as text image/png. Empty for any."), list => string.Join(' ', list.Filter.PassTypes), (s, text) => s with { Filter = Filter(s) with { PassTypes = text } }),
            OfLine("filter-extensions", Later("Files that are taken out"), Later("By the ending of their names, such as exe bat scr. Empty for none."), list => string.Join(' ', list.Filter.FilterExtensions), (s, text) => s with { Filter = Filter(s) with { FilterExtensions = text } }),
            OfLine("pass-extensions", Later("Files that alone are let through"), Later("By the ending of their names, such as pdf odt. Empty for any."), list => string.Join(' ', list.Filter.PassExtensions), (s, text) => s with { Filter = Filter(s) with { PassExtensions = text } }),
            OfChoice("filter-empty", Later("When nothing is left"), Later("What becomes of a post whose every part is taken out."), list => list.Filter.Empty, (s, value) => s with { Filter = Filter(s) with { Empty = value } },
                (EmptyAction.Reject, Later("it is refused")), (EmptyAction.Discard, Later("it is dropped without a word")), (EmptyAction.Hold, Later("it waits for a moderator"))),
            OfChoice("filter-signed", Later("Signed mail"), Later("Taking something out of signed mail would break its signature."), list => list.Filter.Signed, (s, value) => s with { Filter = Filter(s) with { Signed = value } },
                (SignedAction.Hold, Later("waits for a moderator when something would be taken out")), (SignedAction.Keep, Later("passes whole, whatever is in it"))),
        ]),
        new("bounces", Later("Mail that comes back"),
        [
            OfSwitch("own-return-address", Later("Know whose mail came back"), Later("Each member’s mail returns to an address of its own, so that the list knows for certain who can’t be reached."), list => list.Verp, (s, yes) => s with { Verp = yes }),
            OfSwitch("remove-unreachable", Later("Remove who can’t be reached"), Later("A member whose mail came back for weeks, test mails included, is removed. Otherwise they stay, and get nothing."), list => list.RemoveUnreachable, (s, yes) => s with { RemoveUnreachable = yes }),
        ]),
        new("archive", Later("Archive"),
        [
            OfChoice("archive", Later("Who may read old posts"), Later("Posts are kept in the archive, for those who are named here."), list => list.Archive, (s, value) => s with { Archive = value },
                [.. Enum.GetValues<ArchiveAccess>().Select(value => (value, ArchiveWords(value)))]),
        ]),
        new("sender", Later("Who answers for announcements"),
        [
            OfLine("sender-name", Later("Name of a person or company"), Later("Shown in every announcement, as laws demand of advertising. All three are filled in, or none."), list => list.Sender?.Name ?? "", (s, text) => s with { SenderName = text }),
            OfLine("sender-address", Later("Postal address"), Later("Where they can be written to."), list => list.Sender?.Address ?? "", (s, text) => s with { SenderAddress = text }),
            OfLine("sender-contact", Later("Contact"), Later("A mail address, telephone number or web address for questions and complaints."), list => list.Sender?.Contact ?? "", (s, text) => s with { SenderContact = text }),
        ]),
    ];

    private static FilterChange Filter(ListSettings settings) => settings.Filter ?? new();

    private static string ArchiveWords(ArchiveAccess access) => access switch
    {
        ArchiveAccess.Private => Later("those who run the list"),
        ArchiveAccess.Members => Later("members"),
        ArchiveAccess.Public => Later("everybody"),
        _ => Later("nobody; no archive is kept"),
    };
}
