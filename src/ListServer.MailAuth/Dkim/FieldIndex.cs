using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>
/// Where the fields of each name stand, so that an h= list of any length picks its fields in linear time: each mention of a name takes
/// the next field up from the bottom (RFC 6376 §5.4.2). A table of positions and no copy of any name, since a hostile header has a
/// hundred thousand fields (AUTH-98).
/// </summary>
/// <remarks>Safe for concurrent use; the relaxed forms are made twice at worst when two threads meet, with the same outcome.</remarks>
internal sealed class FieldIndex
{
    private const int ShortName = 128;

    /// <summary>Stands for a field whose relaxed form was written once and not kept.</summary>
    private static readonly byte[] WrittenOnce = [];

    private const int PageBits = 10;

    /// <summary>For each field the position of the next one up with its name, or -1.</summary>
    private readonly int[] _above;

    /// <summary>By hash of the name. Never more than half full.</summary>
    private Name[] _names = new Name[64];

    /// <summary>The relaxed forms by position, a page at a time: there is one only where fields are signed.</summary>
    private byte[]?[]?[]? _relaxed;

    public FieldIndex(ImmutableArray<HeaderField> fields)
    {
        Fields = fields;
        _above = new int[fields.Length];
        var distinct = 0;
        Span<char> buffer = stackalloc char[ShortName];
        for (var i = 0; i < fields.Length; i++)
        {
            var length = fields[i].NameSpan.Length;
            var name = NameOf(i, length, buffer);
            ref var place = ref _names[Place(name)];
            if (place.Count == 0 && 2 * ++distinct > _names.Length)
            {
                Grow();
                place = ref _names[Place(name)];
            }

            _above[i] = place.Count == 0 ? -1 : place.Lowest;
            place = new Name(i, length, place.Count + 1);
        }
    }

    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>The names in the order in which they first come, each with how many fields bear it; a line without a colon has the empty name.</summary>
    public IEnumerable<(string Name, int Count)> Names =>
        Enumerable.Range(0, Fields.Length).Where(i => _above[i] < 0).Select(i => Fields[i].Name).Select(n => (n, Count(n)));

    public int Count(string name) => _names[Place(name)].Count;

    /// <summary>Writes the fields that h= names, as <see cref="Positions"/> says.</summary>
    public void Write(IEnumerable<string> names, int excluded, Canonicalization canonicalization, IBufferWriter<byte> output)
    {
        foreach (var at in Positions(names, excluded))
        {
            Write(at, canonicalization, output);
        }
    }

    /// <summary>
    /// Where the fields stand that h= names (RFC 6376 §5.4), in its order. The field at <paramref name="excluded"/>, the signature itself, is
    /// not there (§3.7); a name of which no field is left counts as the empty string.
    /// </summary>
    public IEnumerable<int> Positions(IEnumerable<string> names, int excluded)
    {
        var next = new Dictionary<int, int>();
        foreach (var name in names.Where(n => n.Length > 0))
        {
            var place = Place(name);
            var at = next.TryGetValue(place, out var position) ? position : _names[place].Count == 0 ? -1 : _names[place].Lowest;
            at = at == excluded && at >= 0 ? _above[at] : at;
            next[place] = at < 0 ? at : _above[at];
            if (at >= 0)
            {
                yield return at;
            }
        }
    }

    private ReadOnlySpan<char> NameOf(int field, int length, Span<char> buffer)
    {
        var octets = Fields[field].Octets.Span[..length];
        return octets.Length <= buffer.Length ? buffer[..Encoding.Latin1.GetChars(octets, buffer)] : Encoding.Latin1.GetString(octets);
    }

    private void Grow()
    {
        var smaller = _names;
        _names = new Name[2 * smaller.Length];
        Span<char> buffer = stackalloc char[ShortName];
        foreach (var name in smaller.Where(n => n.Count > 0))
        {
            _names[Place(NameOf(name.Lowest, name.Length, buffer))] = name;
        }
    }

    /// <summary>
    /// Where the name stands in the table, or would. The hash is seeded, and it takes for one what <see cref="IsNamed"/> does and no more:
    /// nobody can choose names that meet.
    /// </summary>
    private int Place(ReadOnlySpan<char> name)
    {
        var mask = _names.Length - 1;
        var place = Hash(name) & mask;
        while (_names[place].Count > 0 && !IsNamed(_names[place], name))
        {
            place = (place + 1) & mask;
        }

        return place;
    }

    private static int Hash(ReadOnlySpan<char> name)
    {
        Span<char> lower = name.Length <= ShortName ? stackalloc char[name.Length] : new char[name.Length];
        for (var i = 0; i < name.Length; i++)
        {
            lower[i] = char.IsAsciiLetterUpper(name[i]) ? (char)(name[i] | 0x20) : name[i];
        }

        return string.GetHashCode(lower);
    }

    private bool IsNamed(Name entry, ReadOnlySpan<char> name)
    {
        if (entry.Length != name.Length)
        {
            return false;
        }

        var octets = Fields[entry.Lowest].Octets.Span;

        for (var i = 0; i < name.Length; i++)
        {
            // Only the case of ASCII letters is no difference (RFC 5322 §1.2.2).
            if (octets[i] != name[i] && !((octets[i] ^ name[i]) == 0x20 && char.IsAsciiLetter(name[i])))
            {
                return false;
            }
        }

        return true;
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

        // Read into a local: what another thread writes meanwhile is the same form, or the mark that it was written once.
        var pages = _relaxed ??= new byte[(Fields.Length >> PageBits) + 1][][];
        var relaxed = pages[at >> PageBits] ??= new byte[Math.Min(Fields.Length, 1 << PageBits)][];
        var inPage = at & ((1 << PageBits) - 1);
        var kept = relaxed[inPage];
        if (kept is null)
        {
            Interlocked.CompareExchange(ref relaxed[inPage], WrittenOnce, null);
            HeaderCanonicalizer.Write(field, canonicalization, output);
            return;
        }

        if (kept == WrittenOnce)
        {
            var form = new ArrayBufferWriter<byte>(field.Length + 2);
            HeaderCanonicalizer.Write(field, canonicalization, form);
            relaxed[inPage] = kept = form.WrittenSpan.ToArray();
        }

        output.Write(kept);
    }

    /// <summary>
    /// The lowest field of a name, the name's octets without the blanks behind it, which may be half a million, and how many fields bear it; a
    /// free place has a count of zero.
    /// </summary>
    private readonly record struct Name(int Lowest, int Length, int Count);
}
