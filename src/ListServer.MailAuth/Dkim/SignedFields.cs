using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace ListServer.MailAuth.Dkim;

/// <summary>Which header fields a signature covers: the making of its h= list (RFC 6376 §5.4). Immutable and safe for concurrent use.</summary>
public sealed class SignedFields
{
    // RFC 6376 §5.4, RFC 8617 §4.1.2, AUTH-31: changed or removed on the way by design.
    private static readonly ImmutableArray<string> Never = ["return-path", "received", "authentication-results"];

    private readonly FrozenSet<string> _names;
    private readonly ImmutableArray<string> _prefixes;
    private readonly ImmutableArray<string> _once;
    private readonly ImmutableArray<string> _exactly;
    private readonly FrozenSet<string> _without;

    private SignedFields(ImmutableArray<string> names, ImmutableArray<string> once, ImmutableArray<string> exactly, IEnumerable<string> without)
    {
        _names = names.Where(n => !n.EndsWith('*')).Concat(once).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _prefixes = [.. names.Where(n => n.EndsWith('*')).Select(n => n[..^1])];
        _once = once;
        _exactly = exactly;
        _without = without.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// What our own signatures cover (AUTH-30): every From, To, Cc, Subject, Date, Message-ID, Reply-To, Sender, In-Reply-To,
    /// References, MIME-Version, Content-*, List-* (List-Unsubscribe-Post with them), Author, Archived-At, Feedback-ID and CFBL-Address;
    /// From, Subject, Reply-To, To, Cc, Date, Content-Type and Sender are named once more than present, so that none can be added.
    /// </summary>
    public static SignedFields Standard { get; } = Every(
        [
            "From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "Sender", "In-Reply-To", "References", "MIME-Version", "Content-*",
            "List-*", "Author", "Archived-At", "Feedback-ID", "CFBL-Address",
        ],
        oversigned: ["From", "Subject", "Reply-To", "To", "Cc", "Date", "Content-Type", "Sender"]);

    /// <summary>What our seals cover: <see cref="Standard"/> and the DKIM-Signature fields (RFC 8617 §4.1.2).</summary>
    public static SignedFields StandardForArc { get; } = Every(
        [
            "From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "Sender", "In-Reply-To", "References", "MIME-Version", "Content-*",
            "List-*", "Author", "Archived-At", "Feedback-ID", "CFBL-Address", "DKIM-Signature",
        ],
        oversigned: ["From", "Subject", "Reply-To", "To", "Cc", "Date", "Content-Type", "Sender"]);

    /// <summary>Covers every field of these names.</summary>
    /// <param name="names">Field names; one that ends in "*" stands for all that begin so.</param>
    /// <param name="oversigned">Names to be listed once more than present (so also when absent).</param>
    /// <exception cref="ArgumentException">A name is no field name, or one that must not be signed: Return-Path, Received, Authentication-Results, ARC-*.</exception>
    public static SignedFields Every(IEnumerable<string> names, IEnumerable<string> oversigned) =>
        new(Checked(names), Checked(oversigned), [], []);

    /// <summary>Makes the h= list of exactly these names, in this order, whatever the message holds.</summary>
    /// <param name="names">Field names.</param>
    /// <exception cref="ArgumentException">As for <see cref="Every"/>.</exception>
    public static SignedFields Exactly(params IEnumerable<string> names) => new([], [], Checked(names), []);

    /// <summary>The same list without some names: what differs from recipient to recipient, for a seal that all share (AUTH-47).</summary>
    /// <param name="names">Field names.</param>
    public SignedFields Without(params IEnumerable<string> names) =>
        new([.. _names, .. _prefixes.Select(p => p + "*")], _once, _exactly, _without.Union(Lower(names)));

    /// <summary>
    /// The h= list for a header, in lower case: names in the order in which they come, then those that are only listed against addition. It
    /// holds no more than verifiers read; of a hostile header with more fields the rest is not signed.
    /// </summary>
    internal List<string> NamesFor(FieldIndex index)
    {
        if (!_exactly.IsEmpty)
        {
            return [.. _exactly.Where(n => !_without.Contains(n))];
        }

        // One half of the room is for the names themselves, in equal parts, and the other for what only begins as one of them.
        var share = DkimSignature.MaximumNames / 2 / Math.Max(1, _names.Count);
        var room = DkimSignature.MaximumNames / 2;
        var list = new List<string>(32);
        foreach (var top in index.Tops)
        {
            if (Covered(index.Fields[top], out var isExact) is { } name)
            {
                var times = Math.Min(index.Count(name) + (_once.Contains(name) ? 1 : 0), isExact ? share : room);
                list.AddRange(Enumerable.Repeat(name, times));
                room -= isExact ? 0 : times;
            }
        }

        list.AddRange(_once.Where(n => index.Count(n) == 0 && !_without.Contains(n)));
        return list;
    }

    /// <summary>The field's name in lower case; null when it is not to be signed. Most of a hostile header's hundred thousand names end here.</summary>
    private string? Covered(HeaderField field, out bool isExact)
    {
        isExact = false;
        var octets = field.NameSpan;
        if (octets.Length is 0 or > FoldedTags.MaximumItem)
        {
            return null;
        }

        Span<char> name = stackalloc char[FoldedTags.MaximumItem];
        name = name[..Encoding.Latin1.GetChars(octets, name)];
        isExact = _names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
        if (!isExact && !BeginsAs(name))
        {
            return null;
        }

        var text = name.ToString().ToLowerInvariant();
        return _without.Contains(text) ? null : text;
    }

    private bool BeginsAs(ReadOnlySpan<char> name)
    {
        foreach (var prefix in _prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return IsName(name);
            }
        }

        return false;
    }

    private static ImmutableArray<string> Checked(IEnumerable<string> names)
    {
        ImmutableArray<string> lower = [.. Lower(names)];
        foreach (var name in lower)
        {
            if (!IsName(name) || Never.Contains(name) || name.StartsWith("arc-", StringComparison.Ordinal))
            {
                throw new ArgumentException($"\"{name}\" is not a field name that may be signed", nameof(names));
            }
        }

        return lower;
    }

    private static IEnumerable<string> Lower(IEnumerable<string> names) => names.Select(n => n.Trim().ToLowerInvariant());

    /// <summary>A name too long for one line of the h= list (RFC 5322 §2.1.1), which is folded between names only, can't be signed.</summary>
    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= FoldedTags.MaximumItem && !name.ContainsAnyExceptInRange('!', '~') && !name.ContainsAny(':', ';');
}
