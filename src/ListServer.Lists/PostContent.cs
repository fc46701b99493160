using System.Text;
using ListServer.MailAuth;
using MimeKit.Utils;

namespace ListServer.Lists;

/// <summary>What people are shown of a post before anybody opens it.</summary>
/// <param name="Subject">Decoded (RFC 2047), on one line, without control characters; may be empty.</param>
/// <param name="MessageId">With its angle brackets, ASCII only; empty when there is none that can be used.</param>
public sealed record PostContent(string Subject, string MessageId)
{
    /// <summary>Reads it. The message has passed <see cref="PreCheck"/>.</summary>
    public static PostContent Read(RawMessage message)
    {
        var subject = First(message, "Subject");
        return new PostContent(
            subject.IsEmpty ? "" : OneLine(Rfc2047.DecodeText(subject.ToArray())),
            ReadMessageId(First(message, "Message-ID")));
    }

    private static ReadOnlySpan<byte> First(RawMessage message, string name)
    {
        foreach (var field in message.Fields)
        {
            if (field.Is(name))
            {
                return field.RawValue.Span;
            }
        }

        return [];
    }

    private static string ReadMessageId(ReadOnlySpan<byte> value)
    {
        // RFC 5322 §3.6.4 without its obsolete white space: what has any is not an identifier that others would find again.
        var id = value.Trim(" \t\r\n"u8);
        return id is [(byte)'<', .., (byte)'>'] && id.Length <= 998 && id.IndexOfAnyExceptInRange((byte)33, (byte)126) < 0
            ? Encoding.ASCII.GetString(id)
            : "";
    }

    internal static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else
            {
                line.Append(c);
            }
        }

        return line.ToString().Trim();
    }
}
