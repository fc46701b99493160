using System.Collections.Immutable;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Archiving;

/// <summary>A part that is offered for download.</summary>
/// <param name="Index">Counts the attachments of a message, from 0.</param>
/// <param name="Name">A file name without folders, control characters or marks of direction; never empty.</param>
/// <param name="MediaType">As the message says: never a promise.</param>
/// <param name="Octets">The size when decoded, at most; a measure for people.</param>
public sealed record AttachmentInfo(int Index, string Name, string MediaType, long Octets);

/// <summary>What of a message is shown to readers.</summary>
/// <param name="Text">The plain text; empty when there is none.</param>
/// <param name="Html">The HTML as it came, which is hostile; empty when there is none.</param>
/// <param name="Attachments">All that is not shown.</param>
/// <param name="Problem">Why nothing is shown (SEC-13, SEC-14), in words; null when something is.</param>
public sealed record MessageView(string Text, string Html, ImmutableArray<AttachmentInfo> Attachments, string? Problem = null)
{
    // What is longer is cut: a page is read by people.
    private const int MaxShown = 500_000;

    /// <summary>The plain texts one by one; <see cref="Text"/> is all of them.</summary>
    public ImmutableArray<string> Texts { get; init; } = [];

    /// <summary>What a search looks through: the text, or the words of the HTML, and the attachments' names.</summary>
    internal string SearchText => string.Join('\n', Attachments.Select(a => a.Name).Prepend(ReadableText));

    /// <summary>The text, or the words of the HTML.</summary>
    internal string ReadableText => Text.Length > 0 ? Text : Bounces.HtmlWords.Read(Html);

    /// <summary>Reads a message. Never throws: one that is too deep or too large in its parts is not opened.</summary>
    public static MessageView Read(RawMessage message)
    {
        if (PreCheck.Problem(message.Octets.Span) is { } problem)
        {
            return new MessageView("", "", [], problem);
        }

        return Open(message, parsed =>
        {
            var shown = new Shown();
            Walk(parsed.Body, shown);
            return new MessageView(shown.Text, shown.Html, [.. shown.Attachments.Select(Describe)]) { Texts = [.. shown.Texts] };
        }) ?? new MessageView("", "", [], "The message can't be read.");
    }

    /// <summary>The decoded octets of an attachment; null when there is none of that number.</summary>
    public static byte[]? ReadAttachment(RawMessage message, int index) => PreCheck.Problem(message.Octets.Span) is not null ? null : Open(message, parsed =>
    {
        var shown = new Shown();
        Walk(parsed.Body, shown);
        return index >= 0 && index < shown.Attachments.Count ? Decode(shown.Attachments[index]) : null;
    });

    private static T? Open<T>(RawMessage message, Func<MimeMessage, T?> read)
        where T : class
    {
        try
        {
            using var stream = new MemoryStream(message.Octets.ToArray(), writable: false);
            using var parsed = MimeMessage.Load(stream);
            return read(parsed);
        }
        catch (Exception broken) when (broken is FormatException or ArgumentException or NotSupportedException)
        {
            // MimeKit finds no header where there is none at all, and no encoding under some names.
            return null;
        }
    }

    private static void Walk(MimeEntity? entity, Shown shown)
    {
        switch (entity)
        {
            case Multipart multipart:
                foreach (var part in multipart)
                {
                    Walk(part, shown);
                }

                break;
            case TextPart { IsAttachment: false } text when text.IsPlain && text.FileName is null:
                shown.Texts.Add(text.Text);
                shown.Text = Join(shown.Text, text.Text);
                break;
            case TextPart { IsAttachment: false } html when html.IsHtml && html.FileName is null:
                shown.Html = Join(shown.Html, html.Text);
                break;
            case not null:
                shown.Attachments.Add(entity);
                break;
        }
    }

    private static string Join(string before, string text)
    {
        var room = Math.Max(0, MaxShown - before.Length);
        var shown = text.Length <= room ? text : text[..room];
        return before.Length == 0 ? shown : $"{before}\n{shown}";
    }

    private static AttachmentInfo Describe(MimeEntity entity, int index) =>
        new(index, AttachmentName.Of(entity, index), entity.ContentType.MimeType.ToLowerInvariant(), SizeOf(entity));

    private static long SizeOf(MimeEntity entity) => entity is MimePart { Content: { } content }
        ? (content.Stream?.Length ?? 0) * (content.Encoding is ContentEncoding.Base64 ? 3 : 4) / 4
        : 0;

    private static byte[] Decode(MimeEntity entity)
    {
        using var octets = new MemoryStream();
        switch (entity)
        {
            case MimePart { Content: { } content }:
                content.DecodeTo(octets);
                break;
            case MessagePart { Message: { } inner }:
                inner.WriteTo(octets);
                break;
        }

        return octets.ToArray();
    }

    private sealed class Shown
    {
        public string Text { get; set; } = "";

        public List<string> Texts { get; } = [];

        public string Html { get; set; } = "";

        public List<MimeEntity> Attachments { get; } = [];
    }
}
