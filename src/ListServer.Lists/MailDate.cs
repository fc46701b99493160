using System.Diagnostics.CodeAnalysis;
using MimeKit.Utils;

namespace ListServer.Lists;

/// <summary>Dates of header fields (RFC 5322 §3.3), with the obsolete forms that old mail has.</summary>
public static class MailDate
{
    // No date is longer, whatever its comments.
    private const int MaxLength = 500;

    /// <summary>The moment that a date names. Never throws.</summary>
    /// <param name="value">The octets behind the field's colon.</param>
    /// <param name="date">The moment, with the zone that the author gave.</param>
    public static bool TryRead(ReadOnlySpan<byte> value, [NotNullWhen(true)] out DateTimeOffset? date)
    {
        date = value.Length <= MaxLength && DateUtils.TryParse(ToKnownZone(value), out var read) ? read : null;
        return date is not null;
    }

    // RFC 5322 §4.3: nobody can tell what the sender of a single letter took it for, so that all of them are -0000.
    private static byte[] ToKnownZone(ReadOnlySpan<byte> value)
    {
        var trimmed = value.TrimEnd(" \t\r\n"u8);
        return trimmed is [.., (byte)' ' or (byte)'\t', var zone] && char.IsAsciiLetter((char)zone) ? [.. trimmed[..^1], .. "-0000"u8] : value.ToArray();
    }
}
