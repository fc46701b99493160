using System.Net;
using System.Text;
using ListServer.Lists.Notices;
using ListServer.MailAuth;
using MimeKit;
using MimeKit.Text;

namespace ListServer.Lists.Announcements;

/// <summary>
/// Looks through a message before it is sent as an announcement. On lists with a <see cref="ListSender"/> whoever reads it, as text or as HTML,
/// must be shown the sender's name, address and contact, and how to leave (AUTH-82, AUTH-83).
/// </summary>
public static class AnnouncementCheck
{
    /// <summary>Says what is missing, in words; null when nothing is. The message has passed <see cref="PreCheck"/>.</summary>
    public static string? Problem(MailingList list, RawMessage message)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(message);
        if (message.Body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return "The message has no body.";
        }

        return list.Sender is { } sender && Missing(list, sender, message) is { Length: > 0 } missing
            ? $"An announcement to {list.Address} has to show, in itself or in the list's footer: {missing}."
            : null;
    }

    private static string Missing(MailingList list, ListSender sender, RawMessage message)
    {
        var (text, html) = Read(message);
        (string Name, string Shown)[] views = html is null ? [("text", text ?? "")] : text is null ? [("HTML", html)] : [("text", text), ("HTML", html)];
        (string What, string[] Any)[] needed =
        [
            ("the sender's name", [sender.Name]),
            ("the sender's address", [sender.Address]),
            ("the contact", [sender.Contact]),
            ("how to leave", [list.RoleAddress("leave"), list.RoleAddress("request")]),
        ];
        var read = views.Select(view => (view.Name, Words: Plain(view.Shown + Around(list, view.Name)))).ToList();
        return string.Join("; ", needed
            .Select(need => (need.What, need.Any, Lacking: read.Where(view => !need.Any.Any(words => view.Words.Contains(Plain(words), StringComparison.OrdinalIgnoreCase))).ToList()))
            .Where(need => need.Lacking.Count > 0)
            .Select(need => $"{need.What}, {string.Join(" or ", need.Any)} (not in the {string.Join(" and the ", need.Lacking.Select(view => view.Name))})"));
    }

    // A footer in HTML stands within the HTML; where there is none, the plain one stands beside it.
    private static string Around(MailingList list, string view)
    {
        var values = ListText.Values(list, "");
        var isHtml = view == "HTML";
        string Fill(string plain, string html) => isHtml && html.Length > 0 ? Shown(ListText.Fill(html, values, isHtml: true)) : ListText.Fill(plain, values);
        return Fill(list.Header, list.HeaderHtml) + Fill(list.Footer, list.FooterHtml);
    }

    private static (string? Text, string? Html) Read(RawMessage message)
    {
        using var stream = new MemoryStream(message.Octets.ToArray(), writable: false);
        try
        {
            using var parsed = MimeMessage.Load(stream);
            return (parsed.TextBody, parsed.HtmlBody is { } html ? Shown(html) : null);
        }
        catch (FormatException)
        {
            // MimeKit has no TryLoad: what it can't take for a message shows nothing.
            return (null, null);
        }
    }

    /// <summary>What a reader sees of HTML, and where its links lead.</summary>
    private static string Shown(string html)
    {
        var shown = new StringBuilder(html.Length);
        var tokenizer = new HtmlTokenizer(new StringReader(html));
        var isHidden = false;
        while (tokenizer.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken { Id: HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title } hiding:
                    isHidden = !hiding.IsEndTag;
                    break;
                case HtmlTagToken { Id: HtmlTagId.A, IsEndTag: false } link:
                    shown.AppendJoin(' ', link.Attributes.Where(attribute => attribute.Id == HtmlAttributeId.Href).Select(attribute => WebUtility.UrlDecode(attribute.Value)));
                    break;
                case HtmlDataToken data when !isHidden:
                    shown.Append(data.Data);
                    break;
            }
        }

        return shown.ToString();
    }

    // White space comes and goes where lines are folded; full-width forms are the same words.
    private static string Plain(string text) => string.Concat(NormalText.Of(text, NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c)));
}
