using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ListServer.Configuration;

/// <summary>Puts configured text into an options record. An unknown key or a value that can't be read is an error in words.</summary>
internal static class OptionBinder
{
    private static readonly Dictionary<Type, (string Form, Func<string, object?> Parse)> Forms = new()
    {
        [typeof(string)] = ("text", text => text),
        [typeof(int)] = ("a whole number", text => int.TryParse(text, CultureInfo.InvariantCulture, out var n) && n >= 0 ? n : null),
        [typeof(long)] = ("a whole number", text => long.TryParse(text, CultureInfo.InvariantCulture, out var n) && n >= 0 ? n : null),
        [typeof(double)] = ("a number", text => double.TryParse(text, CultureInfo.InvariantCulture, out var n) ? n : null),
        [typeof(bool)] = ("true or false", text => bool.TryParse(text, out var b) ? b : null),
        [typeof(TimeSpan)] = ("a time like 30s, 5m, 2h or 5d", text => ParseTime(text)),
        [typeof(IPAddress)] = ("an IP address", text => IPAddress.TryParse(text, out var ip) ? ip : null),
        [typeof(IPNetwork)] = ("an address or network like 192.0.2.0/24", text => ParseNetwork(text)),
        [typeof(IPEndPoint)] = ("an address and port like 127.0.0.1:2525 or [::1]:2525", ParseEndPoint),
    };

    // Behind the key of a table whose names the operator chooses: Outbound:Routes:example.org.
    private const string AnyName = ":NAME";

    /// <summary>All keys of an options type, as they are written in --set: "Smtp:Listen" …</summary>
    public static IEnumerable<string> Keys(Type type, string prefix = "") =>
        Properties(type).SelectMany(property => IsSection(property.PropertyType)
            ? Keys(property.PropertyType, $"{prefix}{property.Name}:")
            : [prefix + property.Name + (property.PropertyType == typeof(IReadOnlyDictionary<string, string>) ? AnyName : "")]);

    /// <summary>Reads a record of type <typeparamref name="T"/>; what is not configured keeps its default.</summary>
    public static T Bind<T>(IConfiguration configuration, List<string> errors)
        where T : new()
    {
        var known = Keys(typeof(T)).ToList();
        foreach (var (key, value) in configuration.AsEnumerable().Where(pair => pair.Value is not null))
        {
            // A JSON array arrives as Smtp:Listen:0, Smtp:Listen:1 …
            var name = key.Split(':') is [.. var head, var last] && int.TryParse(last, CultureInfo.InvariantCulture, out _) ? string.Join(':', head) : key;
            if (!known.Exists(candidate => Matches(name, candidate)))
            {
                errors.Add($"There is no option '{key}'. Did you mean '{Nearest(name, known)}'?");
            }
        }

        var options = new T();
        Fill(options, configuration, "", errors);
        return options;
    }

    private static void Fill(object target, IConfiguration configuration, string prefix, List<string> errors)
    {
        foreach (var property in Properties(target.GetType()))
        {
            var section = configuration.GetSection(property.Name);
            if (property.PropertyType == typeof(IReadOnlyDictionary<string, string>))
            {
                property.SetValue(target, section.GetChildren().ToDictionary(child => child.Key, child => child.Value ?? "", StringComparer.OrdinalIgnoreCase));
            }
            else if (IsSection(property.PropertyType))
            {
                Fill(property.GetValue(target)!, section, $"{prefix}{property.Name}:", errors);
            }
            else if (Text(section) is { } text && Read(property.PropertyType, text, prefix + property.Name, errors) is { } value)
            {
                property.SetValue(target, value);
            }
        }
    }

    private static string? Text(IConfigurationSection section) =>
        section.Value ?? (section.GetChildren().Select(child => child.Value).ToList() is { Count: > 0 } items ? string.Join(',', items) : null);

    private static object? Read(Type type, string text, string key, List<string> errors)
    {
        if (type.IsGenericType)
        {
            return ReadMany(type, text, key, errors);
        }

        if (type.IsEnum)
        {
            var named = Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
            return named is not null ? Enum.Parse(type, named) : Refuse($"one of {string.Join(", ", Enum.GetNames(type))}");
        }

        var (form, parse) = Forms[type];
        return parse(text.Trim()) ?? Refuse(form);

        object? Refuse(string wanted)
        {
            errors.Add($"The option {key} is '{text}', but has to be {wanted}.");
            return null;
        }
    }

    // ImmutableArray<T>, written as "a, b, c".
    private static object ReadMany(Type type, string text, string key, List<string> errors)
    {
        var item = type.GetGenericArguments()[0];
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Read(item, part, key, errors) is { } value)
            {
                list.Add(value);
            }
        }

        return typeof(OptionBinder).GetMethod(nameof(ToImmutable), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(item).Invoke(null, [list])!;
    }

    private static System.Collections.Immutable.ImmutableArray<T> ToImmutable<T>(List<T> items) => [.. items];

    private static bool Matches(string name, string key) =>
        name.Equals(key, StringComparison.OrdinalIgnoreCase)
        || (key.EndsWith(AnyName, StringComparison.Ordinal) && name.StartsWith(key[..^(AnyName.Length - 1)], StringComparison.OrdinalIgnoreCase));

    private static bool IsSection(Type type) => type.IsClass && !Forms.ContainsKey(type);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite);

    private static TimeSpan? ParseTime(string text)
    {
        var unit = text.Length > 0 ? text[^1] : ' ';
        var seconds = char.ToLowerInvariant(unit) switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        return seconds > 0
            ? double.TryParse(text[..^1], CultureInfo.InvariantCulture, out var n) && n >= 0 ? TimeSpan.FromSeconds(n * seconds) : null
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && text.Contains(':', StringComparison.Ordinal) ? span : null;
    }

    private static IPNetwork? ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    // IPEndPoint.TryParse takes a lone address as port 0, which nobody means.
    private static IPEndPoint? ParseEndPoint(string text) =>
        IPEndPoint.TryParse(text.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase), out var end)
            && text.LastIndexOf(':') > text.LastIndexOf(']') ? end : null;

    private static string Nearest(string name, List<string> known) => known.MinBy(candidate => Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant()))!;

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
