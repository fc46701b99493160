using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>Writes a tag list as a header field, folded at 78 characters where there is a place to fold (RFC 5322 §2.1.1).</summary>
internal sealed class FoldedTags
{
    private const int Width = 78;

    /// <summary>The longest line that RFC 5322 §2.1.1 allows, without its CRLF.</summary>
    public const int MaximumLine = 998;

    /// <summary>The longest item of a list that fits on a line between a tab, the tag's name, "=" and ":".</summary>
    public const int MaximumItem = MaximumLine - 4;

    private static ReadOnlySpan<byte> Indent => "\r\n\t"u8;

    private readonly ArrayBufferWriter<byte> _octets = new(1024);
    private int _column;

    public FoldedTags(string fieldName)
    {
        Put(fieldName);
        Put(":");
    }

    public ReadOnlySpan<byte> Written => _octets.WrittenSpan;

    /// <summary>A tag whose value is kept in one piece.</summary>
    public FoldedTags Tag(string name, string value)
    {
        Break(1 + name.Length + 1 + value.Length + 1);
        Put($"{name}={value};");
        return this;
    }

    /// <summary>A tag whose value is a list, folded behind its colons (RFC 6376 §3.5 h=).</summary>
    public FoldedTags Tag(string name, List<string> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var item = (i == 0 ? name + "=" : "") + values[i] + (i == values.Count - 1 ? ";" : ":");
            if (i == 0)
            {
                Break(1 + item.Length);
            }
            else if (_column + item.Length > Width)
            {
                Fold();
            }

            Put(item);
        }

        return this;
    }

    /// <summary>The last tag, its value still empty.</summary>
    public FoldedTags OpenTag(string name)
    {
        Fold();
        Put(name + "=");
        return this;
    }

    /// <summary>The whole field, with the value of the last tag in base64. What is written stays: it can be closed again with another value.</summary>
    public byte[] Close(ReadOnlySpan<byte> value)
    {
        Span<byte> text = new byte[Base64.GetMaxEncodedToUtf8Length(value.Length)];
        Base64.EncodeToUtf8(value, text, out _, out _);
        var first = Math.Min(Width - _column, text.Length);
        var folds = (text.Length - first + Width - 2) / (Width - 1);
        var field = new byte[_octets.WrittenCount + text.Length + (folds * Indent.Length) + 2];
        var at = Append(field, 0, Written);
        at = Append(field, at, text[..first]);
        for (text = text[first..]; !text.IsEmpty; text = text[Math.Min(Width - 1, text.Length)..])
        {
            at = Append(field, at, Indent);
            at = Append(field, at, text[..Math.Min(Width - 1, text.Length)]);
        }

        Append(field, at, "\r\n"u8);
        return field;
    }

    private static int Append(byte[] field, int at, ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(field.AsSpan(at));
        return at + octets.Length;
    }

    private void Break(int length)
    {
        if (_column + length > Width)
        {
            Fold();
        }
        else
        {
            Put(" ");
        }
    }

    private void Fold()
    {
        Put("\r\n\t");
        _column = 1;
    }

    private void Put(ReadOnlySpan<char> text)
    {
        Encoding.ASCII.GetBytes(text, _octets);
        _column += text.Length;
    }
}
