using System.Collections.Immutable;

namespace ListServer.MailAuth.Dkim;

/// <summary>
/// Where the fields of each name stand, so that an h= list of any length picks its fields in linear time:
/// each mention of a name takes the next field up from the bottom (RFC 6376 §5.4.2).
/// </summary>
internal sealed class FieldIndex
{
    private readonly Dictionary<string, int> _groups;
    private readonly int[] _above;
    private readonly List<(string Name, int Bottom, int Count)> _names = [];

    public FieldIndex(ImmutableArray<HeaderField> fields)
    {
        Fields = fields;
        _groups = new Dictionary<string, int>(fields.Length, StringComparer.OrdinalIgnoreCase);
        _above = new int[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var name = fields[i].Name;
            if (_groups.TryGetValue(name, out var group))
            {
                _above[i] = _names[group].Bottom;
                _names[group] = (_names[group].Name, i, _names[group].Count + 1);
            }
            else
            {
                _above[i] = -1;
                _groups.Add(name, _names.Count);
                _names.Add((name, i, 1));
            }
        }
    }

    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>The names in the order in which they first come, each with how many fields bear it; a line without a colon has the empty name.</summary>
    public IEnumerable<(string Name, int Count)> Names => _names.Select(n => (n.Name, n.Count));

    public int Count(string name) => _groups.TryGetValue(name, out var group) ? _names[group].Count : 0;

    /// <summary>A walk through h=. The field at <paramref name="excluded"/>, the signature itself, is not there (RFC 6376 §3.7).</summary>
    public Walk Start(int excluded = -1) => new(this, excluded);

    internal readonly struct Walk
    {
        private readonly FieldIndex _index;
        private readonly int _excluded;
        private readonly int[] _next;

        public Walk(FieldIndex index, int excluded)
        {
            _index = index;
            _excluded = excluded;
            _next = [.. index._names.Select(n => n.Bottom)];
        }

        /// <summary>The next field of that name, or null when none is left: it then counts as the empty string (RFC 6376 §5.4).</summary>
        public HeaderField? Take(string name)
        {
            if (name.Length == 0 || !_index._groups.TryGetValue(name, out var group))
            {
                return null;
            }

            var at = _next[group] == _excluded && _excluded >= 0 ? _index._above[_excluded] : _next[group];
            if (at < 0)
            {
                return null;
            }

            _next[group] = _index._above[at];
            return _index.Fields[at];
        }
    }
}
