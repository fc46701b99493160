using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Tests;

/// <summary>
/// Answers from a zone in memory, in the form of the suites' zones.json: records, wildcards, CNAMEs, and the actions
/// timeout, servfail, refused, nodata and nxdomain. Hand-made zones are built with <see cref="Txt"/>, <see cref="A"/> … and <see cref="Fail"/>.
/// </summary>
internal sealed class ZoneResolver : IDnsResolver
{
    private static readonly TimeSpan PositiveTtl = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan NegativeTtl = TimeSpan.FromSeconds(60);
    private readonly Dictionary<(string Name, string Type), List<DnsRecord>> _records = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly Dictionary<(string Name, string Type), string> _actions = [];
    private readonly HashSet<string> _names = [""];
    private readonly HashSet<string> _owners = [];
    private readonly ConcurrentQueue<(string Name, DnsRecordType Type)> _questions = new();

    /// <summary>Every question asked so far, names in lower case.</summary>
    public IReadOnlyCollection<(string Name, DnsRecordType Type)> Questions => _questions;

    /// <summary>Reads one zone of zones.json: an array of records and actions.</summary>
    public static ZoneResolver FromJson(JsonElement records)
    {
        var zone = new ZoneResolver();
        foreach (var record in records.EnumerateArray())
        {
            var name = record.GetProperty("name").GetString()!;
            var type = record.GetProperty("type").GetString()!;
            if (record.TryGetProperty("action", out var action))
            {
                zone.Fail(name, type, action.GetString()!);
            }
            else
            {
                zone.Add(name, type, record.GetProperty("value"));
            }
        }

        return zone;
    }

    /// <summary>Reads all zones of a zones.json file, by id.</summary>
    public static IReadOnlyDictionary<string, ZoneResolver> LoadAll(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.EnumerateObject().ToDictionary(z => z.Name, z => FromJson(z.Value));
    }

    public ZoneResolver Txt(string name, params string[] strings) =>
        Add(name, "TXT", new TxtRecord(string.Concat(strings.Select(Octets))));

    public ZoneResolver A(string name, string address) => Add(name, "A", new AddressRecord(IPAddress.Parse(address)));

    public ZoneResolver Aaaa(string name, string address) => Add(name, "AAAA", new AddressRecord(IPAddress.Parse(address)));

    public ZoneResolver MX(string name, int preference, string exchange) =>
        Key(exchange) is { } key ? Add(name, "MX", new MXRecord(preference, key)) : this;

    public ZoneResolver Ptr(string name, string target) => Key(target) is { } key ? Add(name, "PTR", new NameRecord(key)) : this;

    public ZoneResolver CName(string name, string target)
    {
        if (Key(name) is { } owner && Key(target) is { } key)
        {
            Own(owner);
            _aliases[owner] = key;
        }

        return this;
    }

    /// <summary>Lets a name answer by an action (timeout, servfail, refused, nodata, nxdomain); type "*" is every type without records.</summary>
    public ZoneResolver Fail(string name, string type = "*", string action = "servfail")
    {
        if (Key(name) is { } key)
        {
            AddNames(key);
            _actions[(key, type)] = action;
        }

        return this;
    }

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = Key(name.Replace("\\", "\\\\", StringComparison.Ordinal));
        _questions.Enqueue((key ?? name, type));
        return ValueTask.FromResult(key is null
            ? DnsAnswer.Empty(DnsStatus.NxDomain, reason: "not a name that can be asked for")
            : Answer(key, type.ToString().ToUpperInvariant()));
    }

    private DnsAnswer Answer(string name, string type)
    {
        for (var step = 0; step < 9; step++)
        {
            var action = _actions.GetValueOrDefault((name, type))
                ?? (_records.ContainsKey((name, type)) ? null : _actions.GetValueOrDefault((name, "*")));
            if (action is not null)
            {
                return Act(action);
            }

            var owner = Owner(name);
            if (_records.TryGetValue((owner, type), out var records))
            {
                return new DnsAnswer(DnsStatus.Success, [.. records], PositiveTtl);
            }

            if (!_aliases.TryGetValue(owner, out var target))
            {
                var exists = _owners.Contains(owner) || _names.Contains(name);
                return DnsAnswer.Empty(exists ? DnsStatus.NoData : DnsStatus.NxDomain, NegativeTtl);
            }

            name = target;
        }

        return DnsAnswer.Empty(DnsStatus.Failure, reason: "CNAME loop");
    }

    private static DnsAnswer Act(string action) => action switch
    {
        "nodata" => DnsAnswer.Empty(DnsStatus.NoData, NegativeTtl),
        "nxdomain" => DnsAnswer.Empty(DnsStatus.NxDomain, NegativeTtl),
        _ => DnsAnswer.Empty(DnsStatus.Failure, reason: action),
    };

    /// <summary>The name itself, or the wildcard that stands for it (RFC 4592: only below the closest encloser).</summary>
    private string Owner(string name)
    {
        if (_owners.Contains(name) || _names.Contains(name))
        {
            return name;
        }

        var parent = Parent(name);
        while (true)
        {
            var wildcard = parent.Length == 0 ? "*" : "*." + parent;
            if (_owners.Contains(wildcard))
            {
                return wildcard;
            }

            if (_names.Contains(parent))
            {
                return name;
            }

            parent = Parent(parent);
        }
    }

    private void Add(string name, string type, JsonElement value)
    {
        _ = type switch
        {
            "TXT" => Txt(name, [.. value.EnumerateArray().Select(v => v.GetString()!)]),
            "A" => A(name, value.GetString()!),
            "AAAA" => Aaaa(name, value.GetString()!),
            "MX" => MX(name, value[0].GetInt32(), value[1].GetString()!),
            "PTR" => Ptr(name, value.GetString()!),
            "CNAME" => CName(name, value.GetString()!),
            "NS" => Key(value.GetString()!) is { } key ? Add(name, "NS", new NameRecord(key)) : this,
            _ => Exists(name),
        };
    }

    private ZoneResolver Add(string name, string type, DnsRecord record)
    {
        if (Key(name) is { } key)
        {
            Own(key);
            if (!_records.TryGetValue((key, type), out var records))
            {
                _records[(key, type)] = records = [];
            }

            records.Add(record);
        }

        return this;
    }

    /// <summary>A record of a type that nobody asks for (SPF, 99): the name exists.</summary>
    private ZoneResolver Exists(string name)
    {
        if (Key(name) is { } key)
        {
            Own(key);
        }

        return this;
    }

    private void Own(string key)
    {
        _owners.Add(key);
        AddNames(key);
    }

    private void AddNames(string key)
    {
        for (; key.Length > 0; key = Parent(key))
        {
            _names.Add(key);
        }
    }

    private static string Parent(string key)
    {
        var dot = 0;
        while (dot < key.Length && key[dot] != '.')
        {
            dot += key[dot] == '\\' ? 2 : 1;
        }

        return dot >= key.Length ? "" : key[(dot + 1)..];
    }

    /// <summary>Lower case, escapes undone but for dots within labels; null for what can't be put on the wire.</summary>
    private static string? Key(string name)
    {
        var labels = Labels(Octets(name));
        if (labels.Exists(l => l.Length is 0 or > 63) || labels.Sum(l => l.Length + 1) + 1 > 255)
        {
            return null;
        }

        return string.Join('.', labels.Select(l => l.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(".", "\\.", StringComparison.Ordinal))).ToLowerInvariant();
    }

    private static List<string> Labels(string name)
    {
        var labels = new List<string>();
        var label = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '.')
            {
                labels.Add(label.ToString());
                label.Clear();
            }
            else if (name[i] == '\\' && i + 1 < name.Length)
            {
                var isNumber = i + 3 < name.Length && name.AsSpan(i + 1, 3).ContainsAnyExceptInRange('0', '9') == false;
                label.Append(isNumber ? (char)(int.Parse(name.AsSpan(i + 1, 3), null) & 255) : name[i + 1]);
                i += isNumber ? 3 : 1;
            }
            else
            {
                label.Append(name[i]);
            }
        }

        if (label.Length > 0)
        {
            labels.Add(label.ToString());
        }

        return labels;
    }

    /// <summary>One char an octet: characters below 256 are octets, other text is UTF-8.</summary>
    private static string Octets(string text) =>
        text.All(c => c < 256) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
