using System.Text;

namespace ListServer.MailAuth;

/// <summary>One header field as it stands in the message, its folds and final line end included.</summary>
public readonly struct HeaderField
{
    private readonly int _colon;

    internal HeaderField(ReadOnlyMemory<byte> octets)
    {
        Octets = octets;
        _colon = octets.Span.IndexOf((byte)':');
    }

    /// <summary>The field's octets, with the final line end.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>The octets before the colon, trailing white space included; empty for a line without a colon.</summary>
    public ReadOnlyMemory<byte> RawName => _colon < 0 ? ReadOnlyMemory<byte>.Empty : Octets[.._colon];

    /// <summary>The octets behind the colon up to the end of the field, the final line end included.</summary>
    public ReadOnlyMemory<byte> RawValue => Octets[(_colon + 1)..];

    /// <summary>The field name, trailing white space removed; each char is one octet (Latin-1).</summary>
    public string Name => Encoding.Latin1.GetString(RawName.Span).TrimEnd(' ', '\t');

    /// <summary>True when the name, trailing white space removed, is <paramref name="name"/> whatever the case.</summary>
    public bool Is(string name)
    {
        var raw = RawName.Span.TrimEnd(" \t"u8);
        return raw.Length == name.Length && Ascii.EqualsIgnoreCase(raw, name);
    }
}
