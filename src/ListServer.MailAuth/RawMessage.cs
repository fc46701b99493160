using System.Collections.Immutable;

namespace ListServer.MailAuth;

/// <summary>
/// A message as it came over the wire: its octets, and where its header fields and body stand in them.
/// Nothing is decoded, unfolded or written anew, so what is hashed is what was sent.
/// </summary>
/// <remarks>Immutable and safe for concurrent use as long as nobody writes to <see cref="Octets"/>.</remarks>
public sealed class RawMessage
{
    private RawMessage(ReadOnlyMemory<byte> octets, ImmutableArray<HeaderField> fields, ReadOnlyMemory<byte> body)
    {
        Octets = octets;
        Fields = fields;
        Body = body;
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>The header fields, top to bottom.</summary>
    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>What follows the empty line behind the header; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Finds the header fields and the body. Any octets are a message: what is malformed stays visible in the fields.</summary>
    public static RawMessage Parse(ReadOnlyMemory<byte> octets)
    {
        var fields = ImmutableArray.CreateBuilder<HeaderField>();
        var rest = octets;
        while (!rest.IsEmpty)
        {
            if (LineLength(rest.Span) is var first && IsEmptyLine(rest.Span[..first]))
            {
                return new RawMessage(octets, fields.ToImmutable(), rest[first..]);
            }

            var end = first;
            while (end < rest.Length && rest.Span[end] is (byte)' ' or (byte)'\t')
            {
                end += LineLength(rest.Span[end..]);
            }

            fields.Add(new HeaderField(rest[..end]));
            rest = rest[end..];
        }

        return new RawMessage(octets, fields.ToImmutable(), ReadOnlyMemory<byte>.Empty);
    }

    private static int LineLength(ReadOnlySpan<byte> text)
    {
        var lf = text.IndexOf((byte)'\n');
        return lf < 0 ? text.Length : lf + 1;
    }

    private static bool IsEmptyLine(ReadOnlySpan<byte> line) => line is [(byte)'\n'] or [(byte)'\r', (byte)'\n'];
}
