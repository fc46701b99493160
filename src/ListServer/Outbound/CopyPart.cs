using System.Buffers;
using System.Text;

namespace ListServer.Outbound;

/// <summary>
/// A run of octets that goes out as it is: a header block or a body. What the wire has to know of it is found once,
/// so a body shared by many copies is looked through once.
/// </summary>
/// <remarks>Immutable and safe for concurrent use as long as nobody writes to <see cref="Octets"/>.</remarks>
public sealed class CopyPart
{
    private static readonly SearchValues<byte> LineOctets = SearchValues.Create([0, (byte)'\r', (byte)'\n']);

    /// <summary>Looks through <paramref name="octets"/> once.</summary>
    public CopyPart(ReadOnlyMemory<byte> octets)
    {
        Octets = octets;
        IsEightBit = !Ascii.IsValid(octets.Span);
        EndsInLineEnd = octets.Span.EndsWith("\r\n"u8);
        Fault = FindFault(octets.Span);
    }

    /// <summary>No octets at all.</summary>
    public static CopyPart Empty { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>The octets, without dot-stuffing.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>True when an octet of 0x80 or more is in it (RFC 6152).</summary>
    public bool IsEightBit { get; }

    /// <summary>True when the last two octets are CRLF.</summary>
    public bool EndsInLineEnd { get; }

    /// <summary>Why these octets must not be sent, or null: bare CR and LF and NUL are never emitted (SEC-7, RFC 5321 §2.3.8).</summary>
    public string? Fault { get; }

    private static string? FindFault(ReadOnlySpan<byte> octets)
    {
        for (var at = 0; ;)
        {
            var next = octets[at..].IndexOfAny(LineOctets);
            if (next < 0)
            {
                return null;
            }

            at += next;
            if (octets[at] != '\r' || at + 1 == octets.Length || octets[at + 1] != '\n')
            {
                return $"{Name(octets[at])} at octet {at}";
            }

            at += 2;
        }
    }

    private static string Name(byte octet) => octet switch
    {
        0 => "NUL",
        (byte)'\r' => "bare CR",
        _ => "bare LF",
    };
}
