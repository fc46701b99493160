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

    /// <summary>By hash of the name, one more than the position of its lowest field; 0 is free. Never more than half full.</summary>
    private int[] _lowest = new int[64];

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
            _above[i] = -1;
            if (NameOf(i, buffer) is not { Length: > 0 } name)
            {
                continue;
            }

            var place = Place(name);
            if (_lowest[place] == 0 && 2 * ++distinct > _lowest.Length)
            {
                Grow();
                place = Place(name);
            }

            _above[i] = _lowest[place] - 1;
            _lowest[place] = i + 1;
        }
    }

    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>The positions of the fields above which none of their name stands, top to bottom; those without a name among them.</summary>
    public IEnumerable<int> Tops => Enumerable.Range(0, Fields.Length).Where(i => _above[i] < 0);

    /// <summary>How many fields bear the name; 0 for the empty one.</summary>
    public int Count(string name)
    {
        var count = 0;
        for (var at = _lowest[Place(name)] - 1; at >= 0; at = _above[at])
        {
            count++;
        }

        return count;
    }

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
            var at = next.TryGetValue(place, out var position) ? position : _lowest[place] - 1;
            at = at == excluded && at >= 0 ? _above[at] : at;
            next[place] = at < 0 ? at : _above[at];
            if (at >= 0)
            {
                yield return at;
            }
        }
    }

    private ReadOnlySpan<char> NameOf(int field, Span<char> buffer)
    {
        var octets = Fields[field].NameSpan;
        return octets.Length <= buffer.Length ? buffer[..Encoding.Latin1.GetChars(octets, buffer)] : Encoding.Latin1.GetString(octets);
    }

    private void Grow()
    {
        var smaller = _lowest;
        _lowest = new int[4 * smaller.Length];
        Span<char> buffer = stackalloc char[ShortName];
        foreach (var lowest in smaller)
        {
            if (lowest > 0)
            {
                _lowest[Place(NameOf(lowest - 1, buffer))] = lowest;
            }
        }
    }

    /// <summary>
    /// Where the name stands in the table, or would. The hash is seeded, and it takes for one what <see cref="IsNamed"/> does and no more:
    /// nobody can choose names that meet.
    /// </summary>
    private int Place(ReadOnlySpan<char> name)
    {
        var mask = _lowest.Length - 1;
        var place = Hash(name) & mask;
        while (_lowest[place] > 0 && !IsNamed(Fields[_lowest[place] - 1].Octets.Span, name))
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

    /// <summary>Looks no further than the name and what may stand behind it: a field's colon may be half a million blanks away.</summary>
    private static bool IsNamed(ReadOnlySpan<byte> field, ReadOnlySpan<char> name)
    {
        if (field.Length <= name.Length)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            // Only the case of ASCII letters is no difference (RFC 5322 §1.2.2).
            if (field[i] != name[i] && !((field[i] ^ name[i]) == 0x20 && char.IsAsciiLetter(name[i])))
            {
                return false;
            }
        }

        return HeaderField.EndsName(field[name.Length..]);
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
}
