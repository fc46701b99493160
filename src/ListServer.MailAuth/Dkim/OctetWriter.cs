using System.Buffers;

namespace ListServer.MailAuth.Dkim;

/// <summary>Many short writes to a buffer that is told of them once: most header fields are shorter than what telling it costs.</summary>
internal ref struct OctetWriter(IBufferWriter<byte> output)
{
    private Span<byte> _free = output.GetSpan(1);
    private int _used;

    public void Write(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > _free.Length - _used)
        {
            var part = _free.Length - _used;
            octets[..part].CopyTo(_free[_used..]);
            _used += part;
            octets = octets[part..];
            Next();
        }

        octets.CopyTo(_free[_used..]);
        _used += octets.Length;
    }

    /// <summary>The same with ASCII letters in lower case.</summary>
    public void WriteLower(ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
        {
            if (_used == _free.Length)
            {
                Next();
            }

            _free[_used++] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        }
    }

    /// <summary>Tells the buffer; nothing may be written after it.</summary>
    public readonly void Flush() => output.Advance(_used);

    private void Next()
    {
        output.Advance(_used);
        _free = output.GetSpan(1);
        _used = 0;
    }
}
