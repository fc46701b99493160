using System.Collections.Immutable;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Reports;

/// <summary>
/// Finds the documents that may be reports, of DMARC or of TLS: in a mail, or in a file that is one by itself. Pure and safe from any thread.
/// </summary>
public static class ReportDocuments
{
    private const int MaxDocuments = 16;

    /// <summary>The documents in a file: the file itself, or what the mail in it carries.</summary>
    /// <param name="octets">A report, a compressed report, or a mail.</param>
    /// <param name="problem">Why there are none, or null.</param>
    public static ImmutableArray<ReadOnlyMemory<byte>> InFile(ReadOnlyMemory<byte> octets, out string? problem)
    {
        if (LooksLikeOne(octets.Span))
        {
            problem = null;
            return [octets];
        }

        problem = PreCheck.Problem(octets.Span);
        var found = problem is null ? InMail(RawMessage.Parse(octets)) : [];
        problem = found.IsEmpty ? problem ?? "The file is no report, and no mail with one." : null;
        return found;
    }

    /// <summary>The documents that a mail carries as its attachments, or as its only part; at most 16.</summary>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    public static ImmutableArray<ReadOnlyMemory<byte>> InMail(RawMessage message)
    {
        using var stream = new MemoryStream(message.Octets.ToArray(), writable: false);
        try
        {
            using var parsed = MimeMessage.Load(stream);
            return [.. parsed.BodyParts.OfType<MimePart>().Where(MayCarry).Select(Octets).Where(octets => LooksLikeOne(octets.Span)).Take(MaxDocuments)];
        }
        catch (FormatException)
        {
            // MimeKit has no TryLoad: what it can't take for a message carries nothing.
            return [];
        }
    }

    // RFC 9990 §3 and RFC 8460 §5.3 name types, but not every sender keeps to them: octets decide, but for the words meant for people.
    private static bool MayCarry(MimePart part) => part is not TextPart { IsPlain: true } and not TextPart { IsHtml: true };

    private static ReadOnlyMemory<byte> Octets(MimePart part)
    {
        using var content = new MemoryStream();
        part.Content?.DecodeTo(content);
        return content.ToArray();
    }

    private static bool LooksLikeOne(ReadOnlySpan<byte> octets) => octets switch
    {
        [0x1F, 0x8B, ..] or [(byte)'P', (byte)'K', 3, 4, ..] or [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] => true,
        [0xEF, 0xBB, 0xBF, .. var rest] => LooksLikeOne(rest),
        _ => octets.TrimStart(" \t\r\n"u8) is [(byte)'<' or (byte)'{', ..],
    };
}
