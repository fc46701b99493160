using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth;

/// <summary>
/// A message as it came over the wire: its octets, and where its header fields and body stand in them.
/// Nothing is decoded, unfolded or written anew, so what is hashed is what was sent.
/// </summary>
/// <remarks>Immutable and safe for concurrent use as long as nobody writes to <see cref="Octets"/>.</remarks>
public sealed class RawMessage
{
    private const int FewFields = 128;

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
        var (fields, headerOctets) = Cut(octets);
        return new RawMessage(octets, fields, headerOctets, octets[(headerOctets + LineLength(octets.Span[headerOctets..]))..]);
    }

    internal BodyHash HashOfBody(Canonicalization canonicalization) => canonicalization == Canonicalization.Simple
        ? _simpleBody ??= BodyHash.Compute(Body.Span, Canonicalization.Simple)
        : _relaxedBody ??= BodyHash.Compute(Body.Span);

    /// <summary>
    /// The ends are noted first, then as many fields made as there are: a list of fields that grows to the half million of a hostile
    /// megabyte touches three times the memory.
    /// </summary>
    private static (ImmutableArray<HeaderField> Fields, int HeaderOctets) Cut(ReadOnlyMemory<byte> octets)
    {
        var span = octets.Span;
        Span<int> few = stackalloc int[FewFields];
        var ends = few;
        int[]? rented = null;
        var count = 0;
        for (int start = 0, end; (end = NextField(span, start)) > start; start = end)
        {
            if (count == ends.Length)
            {
                ends = Grow(ref rented, ends);
            }

            ends[count++] = end;
        }

        var fields = new HeaderField[count];
        for (var i = 0; i < count; i++)
        {
            fields[i] = new HeaderField(octets[(i == 0 ? 0 : ends[i - 1])..ends[i]]);
        }

        var headerOctets = count == 0 ? 0 : ends[count - 1];
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        return (ImmutableCollectionsMarshal.AsImmutableArray(fields), headerOctets);
    }

    private static Span<int> Grow(ref int[]? rented, Span<int> ends)
    {
        var larger = ArrayPool<int>.Shared.Rent(4 * ends.Length);
        ends.CopyTo(larger);
        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }

        rented = larger;
        return larger;
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
