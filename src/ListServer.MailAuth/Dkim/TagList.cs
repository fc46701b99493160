using System.Text;
using System.Text.Unicode;

namespace ListServer.MailAuth.Dkim;

/// <summary>One tag of a list: its name, and where its value stands between "=" and ";", white space included.</summary>
internal readonly record struct Tag(string Name, int Start, int End);

/// <summary>A tag=value list (RFC 6376 §3.2): of a signature, a seal or a key record.</summary>
internal sealed class TagList
{
    /// <summary>No known list has more than a quarter of these; a bound keeps the search for duplicates cheap.</summary>
    private const int MaximumTags = 64;

    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<Tag> _tags;

    private TagList(ReadOnlyMemory<byte> text, List<Tag> tags)
    {
        _text = text;
        _tags = tags;
    }

    /// <summary>The first tag's name.</summary>
    public string First => _tags[0].Name;

    /// <summary>Why the list is invalid as a whole, or null. What could be read is there all the same, to name the field in a report.</summary>
    public string? Defect { get; private set; }

    public static TagList Parse(ReadOnlyMemory<byte> text)
    {
        var list = new TagList(text, new List<Tag>(12));
        var span = text.Span;
        list.Defect = Utf8.IsValid(span) ? null : "not UTF-8";
        var pieces = 0;
        for (var at = 0; at == 0 || at < span.Length;)
        {
            var end = span[at..].IndexOf((byte)';') is var semicolon and >= 0 ? at + semicolon : span.Length;
            if (end == span.Length && list._tags.Count > 0 && Fws.Trim(span[at..]).IsEmpty)
            {
                break; // one ";" may end the list
            }

            if (++pieces > MaximumTags)
            {
                list.Defect ??= "too many tags";
                break;
            }

            var error = Add(list._tags, span, at, end);
            list.Defect ??= error;
            at = end + 1;
        }

        return list;
    }

    /// <summary>Where the value stands, white space included: what is deleted of b= before hashing (§3.7).</summary>
    public bool TryFind(string name, out Tag tag)
    {
        foreach (var t in _tags)
        {
            if (t.Name == name)
            {
                tag = t;
                return true;
            }
        }

        tag = default;
        return false;
    }

    /// <summary>The value without the white space around it.</summary>
    public bool TryGet(string name, out ReadOnlySpan<byte> value)
    {
        var found = TryFind(name, out var tag);
        value = found ? Fws.Trim(_text.Span[tag.Start..tag.End]) : default;
        return found;
    }

    /// <summary>The value as text, white space around it removed; null when the tag is absent.</summary>
    public string? Text(string name) => TryGet(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    /// <summary>A value that is a domain name or a selector (RFC 6376 §3.5, U-labels by RFC 8616 §4), in lower-case A-labels; empty when it is absent or none.</summary>
    public string Name(string name) => Text(name) is { } text ? DomainName.ToAscii(text) ?? "" : "";

    private static string? Add(List<Tag> tags, ReadOnlySpan<byte> span, int start, int end)
    {
        var spec = span[start..end];
        var equals = spec.IndexOf((byte)'=');
        if (equals < 0)
        {
            return Fws.Trim(spec).IsEmpty ? $"an empty tag at octet {start}" : $"a tag without \"=\" at octet {start}";
        }

        var name = Fws.Trim(spec[..equals]);
        if (!IsName(name))
        {
            return $"not a tag name at octet {start}";
        }

        // §3.2: a list with a tag twice is invalid as a whole.
        var text = Encoding.ASCII.GetString(name);
        if (tags.Exists(t => t.Name == text))
        {
            return $"{text}= stands there twice";
        }

        if (!IsValue(spec[(equals + 1)..]))
        {
            return $"{text}= holds a control character";
        }

        tags.Add(new Tag(text, start + equals + 1, end));
        return null;
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (var c in name)
        {
            if (!(char.IsAsciiLetterOrDigit((char)c) || c == '_'))
            {
                return false;
            }
        }

        return !name.IsEmpty && char.IsAsciiLetter((char)name[0]);
    }

    private static bool IsValue(ReadOnlySpan<byte> value)
    {
        while (true)
        {
            var control = value.IndexOfAnyInRange((byte)0, (byte)0x1F) is var c and >= 0 ? c : value.IndexOf((byte)0x7F);
            if (control < 0)
            {
                return true;
            }

            var white = Fws.Length(value[control..]);
            if (white == 0)
            {
                return false;
            }

            value = value[(control + white)..];
        }
    }
}
