using System.Text;
using ListServer.Lists.Archiving;
using ListServer.Lists.Notices;
using ListServer.MailAuth;
using MimeKit.Utils;

namespace ListServer.Lists.Digests;

/// <summary>One post of a digest or a summary.</summary>
/// <param name="Message">As <see cref="Cooking.Kitchen.Keep"/> made it: the author's own From, no prefix, no footer.</param>
/// <param name="Subject">Without prefixes of lists; with one Re: for an answer.</param>
/// <param name="Author">The author's name.</param>
/// <param name="Date">When it was written, or came.</param>
/// <param name="Link">Where the archive shows it; empty where it does not.</param>
public sealed record DigestTopic(RawMessage Message, string Subject, string Author, DateTimeOffset Date, string Link)
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(7);

    /// <summary>Reads a post.</summary>
    /// <param name="octets">See <see cref="Message"/>.</param>
    /// <param name="receivedAt">When it came.</param>
    public static DigestTopic Of(byte[] octets, DateTimeOffset receivedAt)
    {
        var raw = RawMessage.Parse(octets);
        var content = PostContent.Read(raw);
        var subject = ThreadSubject.Of(content.Subject);
        var from = Clean.Line(Decoded(raw, "From"));
        return new DigestTopic(
            raw,
            Clean.Line((subject.IsReply ? "Re: " : "") + subject.Text),
            from.LastIndexOf('<') is > 0 and var at ? from[..at].Trim(' ', '"') : from.Trim('<', '>'),
            ArchiveCard.DateOf(raw, receivedAt, Oldest),
            Decoded(raw, "Archived-At").Trim('<', '>'));
    }

    /// <summary>A field's text in one line; empty when there is none.</summary>
    internal static string Decoded(RawMessage message, string name)
    {
        foreach (var field in message.Fields)
        {
            if (field.Is(name))
            {
                var value = field.RawValue.ToArray();
                return Clean.Line(value.Any(octet => octet > 127) ? Encoding.UTF8.GetString(value) : Rfc2047.DecodeText(value));
            }
        }

        return "";
    }
}
