using System.Collections.Immutable;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth;

/// <summary>
/// A message as it came over the wire: its octets, and where its header fields and body stand in them.
/// Nothing is decoded, unfolded or written anew, so what is hashed is what was sent.
/// </summary>
/// <remarks>Immutable and safe for concurrent use as long as nobody writes to <see cref="Octets"/>.</remarks>
public sealed class RawMessage
{
    private FieldIndex? _index;
    private BodyHash? _simpleBody;
    private BodyHash? _relaxedBody;

    private RawMessage(ReadOnlyMemory<byte> octets, ImmutableArray<HeaderField> fields, int headerOctets, ReadOnlyMemory<byte> body)
    {
        Octets = octets;
        Fields = fields;
        HeaderOctets = headerOctets;
        Body = body;
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>The header fields, top to bottom.</summary>
    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>What follows the empty line behind the header; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The octets of all header fields together.</summary>
    public int HeaderOctets { get; }

    // Kept here because DKIM and ARC need the same ones; computed twice at worst when two threads meet, with the same outcome.
    internal FieldIndex Index => _index ??= new FieldIndex(Fields);

    /// <summary>
    /// Finds the header fields and the body. Any octets are a message: what is malformed stays visible in the fields.
    /// A line ends with LF, whether or not a CR stands before it; a line that begins with a space or a tab belongs to the field
    /// above it, and to none (a field of its own that is not well-formed) when it is the first; an empty line ends the header.
    /// </summary>
    public static RawMessage Parse(ReadOnlyMemory<byte> octets)
    {
        var span = octets.Span;
        var fields = ImmutableArray.CreateBuilder<HeaderField>(CountFields(span));
        var start = 0;
        while (NextField(span, start) is var end && end > start)
        {
            fields.Add(new HeaderField(octets[start..end]));
            start = end;
        }

        return new RawMessage(octets, fields.MoveToImmutable(), start, octets[(start + LineLength(span[start..]))..]);
    }

    internal BodyHash HashOfBody(Canonicalization canonicalization) => canonicalization == Canonicalization.Simple
        ? _simpleBody ??= BodyHash.Compute(Body.Span, Canonicalization.Simple)
        : _relaxedBody ??= BodyHash.Compute(Body.Span);

    /// <summary>Counted first: a list that grows to the half million fields of a hostile megabyte costs more than a second look.</summary>
    private static int CountFields(ReadOnlySpan<byte> octets)
    {
        var count = 0;
        for (int start = 0, end; (end = NextField(octets, start)) > start; start = end)
        {
            count++;
        }

        return count;
    }

    /// <summary>Where the field that begins at <paramref name="start"/> ends; <paramref name="start"/> itself where the header does.</summary>
    private static int NextField(ReadOnlySpan<byte> octets, int start)
    {
        var end = start + LineLength(octets[start..]);
        if (IsEmptyLine(octets[start..end]))
        {
            return start;
        }

        while (end < octets.Length && octets[end] is (byte)' ' or (byte)'\t')
        {
            end += LineLength(octets[end..]);
        }

        return end;
    }

    private static int LineLength(ReadOnlySpan<byte> text)
    {
        var lf = text.IndexOf((byte)'\n');
        return lf < 0 ? text.Length : lf + 1;
    }

    private static bool IsEmptyLine(ReadOnlySpan<byte> line) => line is [] or [(byte)'\n'] or [(byte)'\r', (byte)'\n'];
}
