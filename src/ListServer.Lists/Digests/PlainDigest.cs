using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ListServer.Lists.Archiving;
using ListServer.Lists.Notices;

namespace ListServer.Lists.Digests;

/// <summary>The form of RFC 1153, which programs know how to take apart again.</summary>
internal static class PlainDigest
{
    private static readonly string[] Fields = ["Date", "From", "To", "Cc", "Subject", "Message-ID", "Keywords"];
    private static readonly string Rule = new('-', 70);
    private static readonly string Separator = new('-', 30);

    public static string Write(Notice words, ImmutableArray<DigestTopic> topics)
    {
        // RFC 1153, Description: the preamble ends with 70 hyphens, each message with 30, an empty line on either side.
        var text = new StringBuilder(TextLines.Wrap(words.Text)).Append("\r\n").Append(Rule).Append("\r\n\r\n");
        foreach (var (number, topic) in topics.Index())
        {
            Append(text, number + 1, topic);
            text.Append("\r\n").Append(Separator).Append("\r\n\r\n");
        }

        return text.Append(TextLines.Wrap(End(words.Subject))).ToString();
    }

    /// <summary>The last lines (RFC 1153, Description): the end is said, and underlined as far as it goes.</summary>
    public static string End(string subject)
    {
        var end = $"End of {subject}";
        return $"{end}\n{new string('*', end.Length)}\n";
    }

    private static void Append(StringBuilder text, int number, DigestTopic topic)
    {
        foreach (var name in Fields)
        {
            var value = name is "Subject" ? topic.Subject : DigestTopic.Decoded(topic.Message, name);
            text.Append(value.Length > 0 ? $"{name}: {value}\r\n" : "");
        }

        text.Append(CultureInfo.InvariantCulture, $"Message: {number}\r\n");
        text.Append(topic.Link.Length > 0 ? $"Archived-At: {topic.Link}\r\n" : "").Append("\r\n");
        var view = MessageView.Read(topic.Message);
        foreach (var line in (view.Problem ?? view.ReadableText).ReplaceLineEndings("\n").Trim('\n').Split('\n'))
        {
            // RFC 1153, Description: a separator that an author wrote is none.
            text.Append(line.TrimEnd() == Separator ? " " : "").Append(Clean.Line(line) == line.Trim() ? line.TrimEnd() : Clean.Line(line)).Append("\r\n");
        }

        foreach (var attachment in view.Attachments)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{Clean.Line(attachment.Name)}, {Clean.Line(attachment.MediaType)}]\r\n");
        }
    }
}
