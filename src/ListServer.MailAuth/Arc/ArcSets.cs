using System.Collections.Immutable;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Arc;

/// <summary>The three fields of one instance, as they were found.</summary>
internal sealed record FoundSet(int Instance, HeaderField AuthenticationResults, HeaderField MessageSignature, HeaderField Seal, SealTags SealTags);

/// <summary>All ARC fields of a message, sorted into sets, and whether the sets have the right structure (RFC 8617 §5.2 step 3).</summary>
internal sealed class ArcSets
{
    public const string SealName = "ARC-Seal";
    public const string MessageSignatureName = "ARC-Message-Signature";
    public const string ResultsName = "ARC-Authentication-Results";

    /// <summary>RFC 8617 §4.2.1: a position is 1 to 50.</summary>
    public const int MaximumInstance = 50;

    /// <summary>Three fields in each of fifty sets: one more, and the chain fails whatever the others say (AUTH-98).</summary>
    private const int MaximumFields = 3 * MaximumInstance;

    private readonly Dictionary<int, Found> _found = [];
    private int _fields;
    private string? _unreadable;

    private ArcSets()
    {
    }

    /// <summary>True when there is no ARC field at all.</summary>
    public bool IsEmpty => _found.Count == 0 && _unreadable is null;

    /// <summary>
    /// The highest valid i=, 0 without one. One over 50 is no position (RFC 8617 §4.2.1): it fails the chain, but is nothing that our
    /// own set would have to stand above (AUTH-44).
    /// </summary>
    public int Highest { get; private set; }

    /// <summary>True when a seal of the highest instance says cv=fail.</summary>
    public bool SaysFail => _found.TryGetValue(Highest, out var found) && found.Seals.Exists(s => s.Tags.ChainValidation == "fail");

    /// <summary>The sets from 1 up; empty unless <see cref="Defect"/> is null.</summary>
    public ImmutableArray<FoundSet> Sets { get; private set; } = [];

    /// <summary>What is wrong with the structure, or null.</summary>
    public string? Defect { get; private set; }

    public static ArcSets Find(ImmutableArray<HeaderField> fields, int maximumSets = MaximumInstance)
    {
        var sets = new ArcSets();
        foreach (var field in fields)
        {
            sets.Add(field);
        }

        sets.Highest = sets._found.Count == 0 ? 0 : sets._found.Keys.Max();
        sets.Defect = sets._unreadable ?? (sets.Highest > maximumSets ? $"more than {maximumSets} sets" : null);
        if (sets.Defect is null && !sets.IsEmpty)
        {
            sets.Sort();
        }

        return sets;
    }

    private void Add(HeaderField field)
    {
        var (isSeal, isSignature) = (field.Is(SealName), field.Is(MessageSignatureName));
        if (!isSeal && !isSignature && !field.Is(ResultsName))
        {
            return;
        }

        if (++_fields > MaximumFields)
        {
            _unreadable ??= $"more than {MaximumInstance} sets";
        }
        else if (isSeal)
        {
            var tags = SealTags.Read(field);
            Place(tags.Instance, SealName, tags.Defect)?.Seals.Add((field, tags));
        }
        else if (isSignature)
        {
            var tags = TagList.Parse(field.RawValue);
            Place(Instance.Of(tags), MessageSignatureName, tags.Defect)?.Signatures.Add(field);
        }
        else
        {
            Place(Instance.OfResults(field, out _), ResultsName, null)?.Results.Add(field);
        }
    }

    private Found? Place(int instance, string name, string? defect)
    {
        if (instance == 0)
        {
            _unreadable ??= $"an {name} field without a valid i=" + (defect is null ? "" : ": " + defect);
            return null;
        }

        if (instance > MaximumInstance)
        {
            _unreadable ??= $"more than {MaximumInstance} sets";
            return null;
        }

        if (!_found.TryGetValue(instance, out var found))
        {
            _found[instance] = found = new Found();
        }

        return found;
    }

    private void Sort()
    {
        var sets = ImmutableArray.CreateBuilder<FoundSet>(Highest);
        for (var i = 1; i <= Highest; i++)
        {
            if (!_found.TryGetValue(i, out var found) || found is not { Results.Count: 1, Signatures.Count: 1, Seals.Count: 1 })
            {
                Defect = $"set {i} does not consist of one field of each kind";
                return;
            }

            var (seal, tags) = found.Seals[0];
            if (tags.Defect is not null)
            {
                Defect = $"the seal of set {i}: {tags.Defect}";
                return;
            }

            // §5.2 step 3: cv=none at 1, pass above.
            if (tags.ChainValidation != (i == 1 ? "none" : "pass"))
            {
                Defect = $"the seal of set {i} says cv={tags.ChainValidation}";
                return;
            }

            sets.Add(new FoundSet(i, found.Results[0], found.Signatures[0], seal, tags));
        }

        Sets = sets.DrainToImmutable();
    }

    private sealed class Found
    {
        public List<HeaderField> Results { get; } = [];

        public List<HeaderField> Signatures { get; } = [];

        public List<(HeaderField Field, SealTags Tags)> Seals { get; } = [];
    }
}
