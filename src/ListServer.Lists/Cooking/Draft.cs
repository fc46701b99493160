using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>
/// A copy in the making: the author's own fields and body, octet by octet, with what the list put in, took out or replaced.
/// Immutable; a step answers a new one.
/// </summary>
internal sealed record Draft(ImmutableArray<HeaderField> Fields, ReadOnlyMemory<byte> Body, ImmutableArray<Modification> Modifications)
{
    public static Draft Of(RawMessage message) => new(message.Fields, message.Body, []);

    /// <summary>The first field of that name, or null.</summary>
    public HeaderField? Find(string name) => Field.Find(Fields, name);

    public Draft Note(ModificationKind kind, string target, string? before, string? after) =>
        this with { Modifications = Modifications.Add(new Modification(kind, target, before, after)) };

    /// <summary>Puts a field on top.</summary>
    public Draft Prepend(string name, string value) =>
        (this with { Fields = Fields.Insert(0, Field.Make(name, value)) }).Note(ModificationKind.FieldAdded, name, null, value);

    /// <summary>Replaces the first field of that name where it stands and takes out its repetitions; without one, it is added at the end.</summary>
    public Draft Replace(ModificationKind kind, HeaderField field)
    {
        var index = -1;
        var fields = ImmutableArray.CreateBuilder<HeaderField>(Fields.Length + 1);
        foreach (var old in Fields)
        {
            if (!old.Is(field.Name))
            {
                fields.Add(old);
            }
            else if (index < 0)
            {
                index = fields.Count;
                fields.Add(field);
            }
        }

        if (index < 0)
        {
            fields.Add(field);
        }

        return (this with { Fields = fields.ToImmutable() })
            .Note(kind, field.Name, Find(field.Name) is { } before ? Field.Value(before) : null, Field.Value(field));
    }

    /// <summary>Takes out the fields that fit.</summary>
    public Draft Remove(ModificationKind kind, Func<HeaderField, bool> fits)
    {
        var draft = this;
        foreach (var field in Fields.Where(fits))
        {
            draft = draft.Note(kind, field.Name, Field.Value(field), null);
        }

        return ReferenceEquals(draft, this) ? this : draft with { Fields = Fields.RemoveAll(f => fits(f)) };
    }

    /// <summary>True when something that the author wrote is not as it was.</summary>
    public bool ChangesPost => Modifications.Any(m => m.ChangesPost);

    /// <summary>The whole message.</summary>
    public byte[] ToOctets()
    {
        var header = Fields.Sum(f => f.Octets.Length);
        var whole = new byte[header + 2 + Body.Length];
        Write(Fields, whole);
        "\r\n"u8.CopyTo(whole.AsSpan(header));
        Body.CopyTo(whole.AsMemory(header + 2));
        return whole;
    }

    public static ReadOnlyMemory<byte> Join(ImmutableArray<HeaderField> fields)
    {
        var block = new byte[fields.Sum(f => f.Octets.Length)];
        Write(fields, block);
        return block;
    }

    private static void Write(ImmutableArray<HeaderField> fields, byte[] target)
    {
        var at = 0;
        foreach (var field in fields)
        {
            field.Octets.CopyTo(target.AsMemory(at));
            at += field.Octets.Length;
        }
    }
}

/// <summary>Makes and shows single fields.</summary>
internal static class Field
{
    /// <summary>A field of ASCII text; line ends within the value must be folds already.</summary>
    public static HeaderField Make(string name, string value) =>
        Parse(Encoding.ASCII.GetBytes($"{name}: {value}\r\n"));

    /// <summary>A field whose value keeps its octets.</summary>
    public static HeaderField Make(string name, ReadOnlySpan<byte> value) =>
        Parse([.. Encoding.ASCII.GetBytes(name), (byte)':', .. value, (byte)'\r', (byte)'\n']);

    /// <summary>The first field of that name, or null.</summary>
    public static HeaderField? Find(ImmutableArray<HeaderField> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Is(name))
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>The value on one line, each char one octet.</summary>
    public static string Value(HeaderField field) =>
        Encoding.Latin1.GetString(field.RawValue.Span).Replace("\r\n", "", StringComparison.Ordinal).Trim();

    private static HeaderField Parse(byte[] octets) => RawMessage.Parse(octets).Fields[0];
}
