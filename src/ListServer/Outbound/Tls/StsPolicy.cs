using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ListServer.Outbound.Tls;

/// <summary>What a domain wants done about its MTA-STS policy.</summary>
public enum StsMode
{
    /// <summary>Nothing: the domain has no policy any more.</summary>
    None,

    /// <summary>Mail goes as it would without; what would not pass is reported.</summary>
    Testing,

    /// <summary>Mail goes to hosts that the policy names and that prove their names, or it waits.</summary>
    Enforce,
}

/// <summary>A domain's MTA-STS policy (RFC 8461 §3.2).</summary>
/// <param name="Mode">What is to be done.</param>
/// <param name="MaxAge">How long it may be kept.</param>
/// <param name="Patterns">Names of MX hosts; "*." in front stands for one label.</param>
public sealed record StsPolicy(StsMode Mode, TimeSpan MaxAge, ImmutableArray<string> Patterns)
{
    /// <summary>A year, the longest that the standard knows.</summary>
    private const long LongestAge = 31_557_600;

    /// <summary>The policy in lines.</summary>
    public ImmutableArray<string> Lines =>
        ["version: STSv1", $"mode: {Mode.ToString().ToLowerInvariant()}", .. Patterns.Select(pattern => "mx: " + pattern), string.Create(CultureInfo.InvariantCulture, $"max_age: {MaxAge.TotalSeconds}")];

    /// <summary>Reads a policy's lines.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StsPolicy? policy, [NotNullWhen(false)] out string? error)
    {
        policy = null;
        Dictionary<string, string> fields = [];
        List<string> patterns = [];
        foreach (var line in text.Split('\n').Select(l => l.TrimEnd('\r', ' ', '\t')).Where(l => l.Length > 0))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon))
            {
                error = "a line is no field";
                return false;
            }

            var (name, value) = (line[..colon].TrimEnd(' ', '\t'), line[(colon + 1)..].Trim(' ', '\t'));
            if (name == "mx")
            {
                patterns.Add(value);
            }
            else
            {
                // Of a field that comes twice the first counts; what is not known is passed over.
                fields.TryAdd(name, value);
            }
        }

        error = Read(fields, patterns, out policy);
        return error is null;
    }

    /// <summary>True when the policy names the host (RFC 8461 §4.1).</summary>
    public bool Names(string host) => Patterns.Any(pattern => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && host.AsSpan(dot).Equals(pattern.AsSpan(1), StringComparison.OrdinalIgnoreCase)
        : host.Equals(pattern, StringComparison.OrdinalIgnoreCase));

    private static string? Read(Dictionary<string, string> fields, List<string> patterns, out StsPolicy? policy)
    {
        policy = null;
        if (fields.GetValueOrDefault("version") != "STSv1")
        {
            return "its version is not STSv1";
        }

        StsMode? mode = fields.GetValueOrDefault("mode") switch { "none" => StsMode.None, "testing" => StsMode.Testing, "enforce" => StsMode.Enforce, _ => null };
        if (mode is null)
        {
            return "its mode is not enforce, testing or none";
        }

        if (fields.GetValueOrDefault("max_age") is not { Length: > 0 and <= 10 } text || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var age))
        {
            return "its max_age is no number of seconds";
        }

        if ((patterns.Count == 0 && mode != StsMode.None) || !patterns.TrueForAll(IsPattern))
        {
            return "its mx are not names of hosts";
        }

        policy = new StsPolicy(mode.Value, TimeSpan.FromSeconds(Math.Min(age, LongestAge)), [.. patterns]);
        return null;
    }

    private static bool IsPattern(string text) => Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) == UriHostNameType.Dns;
}
