using System.Text;

namespace ListServer.MailAuth;

/// <summary>One header field as it stands in the message, its folds and final line end included.</summary>
/// <remarks>Immutable and safe for concurrent use as long as nobody writes to the message's octets.</remarks>
public readonly struct HeaderField
{
    /// <summary>With more blanks behind it a name is none: who writes so wants them looked at again and again (AUTH-98).</summary>
    private const int MaximumPadding = 100;

    // Where the colon stands is looked for when it is asked: a hostile megabyte has half a million fields, and what is kept for each counts.
    internal HeaderField(ReadOnlyMemory<byte> octets) => Octets = octets;

    /// <summary>The field's octets, with the final line end.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>The octets before the colon, trailing white space included; empty for a line without a colon.</summary>
    public ReadOnlyMemory<byte> RawName => Octets[..Math.Max(0, Colon)];

    /// <summary>The octets behind the colon up to the end of the field, the final line end included.</summary>
    public ReadOnlyMemory<byte> RawValue => Octets[(Colon + 1)..];

    /// <summary>The field name, trailing white space removed; each char is one octet (Latin-1). Empty where more than a hundred blanks stand behind it.</summary>
    public string Name => Encoding.Latin1.GetString(NameSpan);

    /// <summary>
    /// True when the name is one or more printable ASCII characters directly before the colon (RFC 5322 §3.6.8).
    /// False for a line without a colon, a name folded, padded or begun with white space, and for 8-bit or control octets in it.
    /// </summary>
    public bool IsWellFormed => RawName.Span is { Length: > 0 } name && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    internal ReadOnlySpan<byte> NameSpan
    {
        get
        {
            var raw = RawName.Span;
            var name = raw.TrimEnd(" \t"u8);
            return raw.Length - name.Length <= MaximumPadding ? name : [];
        }
    }

    private int Colon => Octets.Span.IndexOf((byte)':');

    /// <summary>True when the name, trailing white space removed, is <paramref name="name"/> whatever the case.</summary>
    public bool Is(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var octets = Octets.Span;
        return octets.Length > name.Length
            && Ascii.EqualsIgnoreCase(octets[..name.Length], name)
            && EndsName(octets[name.Length..]);
    }

    /// <summary>True when nothing but some blanks stands before the next colon.</summary>
    internal static bool EndsName(ReadOnlySpan<byte> octets)
    {
        for (var i = 0; i < octets.Length && i <= MaximumPadding; i++)
        {
            if (octets[i] is not ((byte)' ' or (byte)'\t'))
            {
                return octets[i] == ':';
            }
        }

        return false;
    }

    /// <summary>
    /// True when nothing but blanks, controls and 8-bit octets keeps the name from being <paramref name="name"/>, which is of letters
    /// and hyphens: some reader will take it so (AUTH-90).
    /// </summary>
    internal bool LooksLike(ReadOnlySpan<byte> name)
    {
        var matched = 0;
        foreach (var octet in RawName.Span)
        {
            if (octet is <= (byte)' ' or >= 0x7F)
            {
                continue;
            }

            if (matched == name.Length || (octet | 0x20) != (name[matched] | 0x20))
            {
                return false;
            }

            matched++;
        }

        return matched == name.Length;
    }
}
