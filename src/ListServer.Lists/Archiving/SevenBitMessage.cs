using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Archiving;

/// <summary>An archived message in ASCII with short lines, so that it can be a part of any mail (RFC 2045 §6).</summary>
public static class SevenBitMessage
{
    /// <summary>The message; null for one that has no such form, as what is signed or encrypted may not.</summary>
    /// <param name="message">As the archive has it. It has passed <see cref="PreCheck"/>.</param>
    public static byte[]? Of(RawMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var wired = WireForm.Of(message);
        var (fields, body) = SevenBitBody.Encode(SevenBitHeader.Encode(wired.Fields), wired.Body);
        (fields, body) = LongLines.Encode(fields, body) ?? (fields, body);
        byte[] octets = [.. Draft.Join(fields).Span, .. "\r\n"u8, .. body.Span];
        return System.Text.Ascii.IsValid(octets) && !Octets.HasLongLine(octets) ? octets : null;
    }
}
