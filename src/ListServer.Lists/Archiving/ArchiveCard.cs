using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Archiving;

/// <summary>What an archive's index knows of a message. Everything in it came from a stranger.</summary>
/// <param name="MessageId">With its angle brackets; empty when it has none that can be used.</param>
/// <param name="References">The messages that it answers, the nearest last, with their angle brackets.</param>
/// <param name="AuthorName">As From gives it, or the part of the address before the @; one line.</param>
/// <param name="AuthorAddress">The address in From, lower case; empty when there is none.</param>
/// <param name="Subject">Decoded, one line; may be empty.</param>
/// <param name="Text">Words of the body to be searched, up to <see cref="MaxText"/> characters.</param>
/// <param name="Attachments">How many.</param>
public sealed record ArchiveCard(
    string MessageId,
    ImmutableArray<string> References,
    string AuthorName,
    string AuthorAddress,
    string Subject,
    string Text,
    int Attachments)
{
    /// <summary>How much of a body is searched.</summary>
    public const int MaxText = 50_000;

    private const int MaxReferences = 50;
    private const int MaxHeader = 20_000;
    private const int MaxLine = 300;

    private static readonly TimeSpan Skew = TimeSpan.FromDays(1);

    /// <summary>Reads a message. Never throws, whatever it is: what can't be read is empty.</summary>
    /// <param name="message">The octets.</param>
    public static ArchiveCard Read(RawMessage message)
    {
        var content = PostContent.Read(message);
        var (name, address) = Author(message);
        var view = MessageView.Read(message);
        return new ArchiveCard(
            content.MessageId,
            ReadReferences(message),
            name,
            address,
            Short(content.Subject),
            Cut(view.SearchText, MaxText),
            view.Attachments.Length);
    }

    /// <summary>When a message was written: by its own account where that can be believed, otherwise when it came.</summary>
    /// <param name="message">The octets.</param>
    /// <param name="receivedAt">When it came.</param>
    /// <param name="oldest">How long before that it may have been written.</param>
    public static DateTimeOffset DateOf(RawMessage message, DateTimeOffset receivedAt, TimeSpan oldest) =>
        MailDate.TryRead(Value(message, "Date"), out var date) && date > receivedAt - oldest && date < receivedAt + Skew ? date.Value.ToUniversalTime() : receivedAt;

    /// <summary>When the last server on the way had it, by its own account; null when nobody says.</summary>
    public static DateTimeOffset? ReceivedAt(RawMessage message)
    {
        var value = Value(message, "Received");
        return MailDate.TryRead(value.AsSpan(Array.LastIndexOf(value, (byte)';') + 1), out var date) ? date.Value.ToUniversalTime() : null;
    }

    private static (string Name, string Address) Author(RawMessage message)
    {
        var value = Value(message, "From");
        if (NamedAddress.ReadAll(value) is not [var mailbox, ..])
        {
            return (Short(PostContent.OneLine(Encoding.UTF8.GetString(value))), "");
        }

        var address = mailbox.Address.ToLowerInvariant();
        return (Short(mailbox.Name.Length > 0 ? mailbox.Name : address.Split('@')[0]), Short(address));
    }

    private static ImmutableArray<string> ReadReferences(RawMessage message)
    {
        // RFC 5322 §3.6.4: References holds In-Reply-To's last; what has only In-Reply-To answers the first in it.
        var references = Identifiers(Value(message, "References"));
        var answered = Identifiers(Value(message, "In-Reply-To")).Take(1);
        return [.. references.Concat(answered.Where(id => !references.Contains(id))).TakeLast(MaxReferences)];
    }

    private static List<string> Identifiers(byte[] value)
    {
        var ids = new List<string>();
        var rest = Encoding.ASCII.GetString(value).AsSpan();
        while (rest.IndexOf('<') is >= 0 and var open && rest[open..].IndexOf('>') is > 1 and var length)
        {
            var id = rest.Slice(open, length + 1);
            if (!id.ContainsAnyExceptInRange('!', '~'))
            {
                ids.Add(id.ToString());
            }

            rest = rest[(open + length + 1)..];
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    // Bounded: MimeKit's readers take their time with endless fields (SEC-14).
    private static byte[] Value(RawMessage message, string name)
    {
        foreach (var field in message.Fields)
        {
            if (field.Is(name))
            {
                var value = field.RawValue.Span;
                return value.Length <= MaxHeader ? value.ToArray() : value[^MaxHeader..].ToArray();
            }
        }

        return [];
    }

    private static string Short(string text) => Cut(text, MaxLine);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
