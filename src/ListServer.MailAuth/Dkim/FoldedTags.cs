using System.Buffers;
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

    /// <summary>The value of the last tag in base64, and the end of the field.</summary>
    public byte[] Close(byte[] value)
    {
        ReadOnlySpan<char> text = Convert.ToBase64String(value);
        while (!text.IsEmpty)
        {
            if (_column >= Width)
            {
                Fold();
            }

            var part = text[..Math.Min(Width - _column, text.Length)];
            Put(part);
            text = text[part.Length..];
        }

        Put("\r\n");
        return _octets.WrittenSpan.ToArray();
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
