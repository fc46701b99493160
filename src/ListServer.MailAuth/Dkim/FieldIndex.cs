using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>
/// Where the fields of each name stand, so that an h= list of any length picks its fields in linear time:
/// each mention of a name takes the next field up from the bottom (RFC 6376 §5.4.2).
/// </summary>
/// <remarks>Safe for concurrent use; the relaxed forms are made twice at worst when two threads meet, with the same outcome.</remarks>
internal sealed class FieldIndex
{
    private const int ShortName = 128;

    /// <summary>Stands for a field whose relaxed form was written once and not kept.</summary>
    private static readonly byte[] WrittenOnce = [];

    private readonly Dictionary<string, int> _groups;
    private readonly int[] _above;
    private readonly List<(string Name, int Bottom, int Count)> _names = [];
    private byte[]?[]? _relaxed;

    public FieldIndex(ImmutableArray<HeaderField> fields)
    {
        Fields = fields;
        _groups = new Dictionary<string, int>(fields.Length, StringComparer.OrdinalIgnoreCase);
        _above = new int[fields.Length];
        var byText = _groups.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> buffer = stackalloc char[ShortName];
        for (var i = 0; i < fields.Length; i++)
        {
            var octets = fields[i].NameSpan;
            ReadOnlySpan<char> name = octets.Length <= ShortName ? buffer[..Encoding.Latin1.GetChars(octets, buffer)] : Encoding.Latin1.GetString(octets);
            if (byText.TryGetValue(name, out var group))
            {
                var (known, bottom, count) = _names[group];
                _above[i] = bottom;
                _names[group] = (known, i, count + 1);
            }
            else
            {
                var text = name.ToString();
                _above[i] = -1;
                _groups.Add(text, _names.Count);
                _names.Add((text, i, 1));
            }
        }
    }

    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>The names in the order in which they first come, each with how many fields bear it; a line without a colon has the empty name.</summary>
    public IEnumerable<(string Name, int Count)> Names => _names.Select(n => (n.Name, n.Count));

    public int Count(string name) => _groups.TryGetValue(name, out var group) ? _names[group].Count : 0;

    /// <summary>
    /// Writes the fields that h= names (RFC 6376 §5.4). The field at <paramref name="excluded"/>, the signature itself, is not there
    /// (§3.7); a name of which no field is left counts as the empty string.
    /// </summary>
    public void Write(IEnumerable<string> names, int excluded, Canonicalization canonicalization, IBufferWriter<byte> output)
    {
        var next = new Dictionary<int, int>();
        foreach (var name in names)
        {
            if (name.Length == 0 || !_groups.TryGetValue(name, out var group))
            {
                continue;
            }

            var at = next.TryGetValue(group, out var position) ? position : _names[group].Bottom;
            at = at == excluded && at >= 0 ? _above[at] : at;
            next[group] = at < 0 ? at : _above[at];
            if (at >= 0)
            {
                Write(at, canonicalization, output);
            }
        }
    }

    /// <summary>Writes one field. Its relaxed form is kept from the second time on: ten signatures may cover one large field (AUTH-98).</summary>
    private void Write(int at, Canonicalization canonicalization, IBufferWriter<byte> output)
    {
        var field = Fields[at].Octets.Span;
        if (canonicalization == Canonicalization.Simple)
        {
            HeaderCanonicalizer.Write(field, canonicalization, output);
            return;
        }

        var relaxed = _relaxed ??= new byte[Fields.Length][];
        if (relaxed[at] is null)
        {
            relaxed[at] = WrittenOnce;
            HeaderCanonicalizer.Write(field, canonicalization, output);
            return;
        }

        if (relaxed[at] == WrittenOnce)
        {
            var form = new ArrayBufferWriter<byte>(field.Length + 2);
            HeaderCanonicalizer.Write(field, canonicalization, form);
            relaxed[at] = form.WrittenSpan.ToArray();
        }

        output.Write(relaxed[at]);
    }
}
