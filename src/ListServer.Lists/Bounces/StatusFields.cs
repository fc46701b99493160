using System.Collections.Immutable;

namespace ListServer.Lists.Bounces;

/// <summary>The fields of a report part (RFC 3464 §2.1, RFC 5965 §3): "name: value" lines, folded, in groups between empty lines.</summary>
internal static class StatusFields
{
    private const int MaxFields = 2_000;

    /// <summary>A field; <see cref="Group"/> counts the empty lines before it.</summary>
    public readonly record struct Field(string Name, string Value, int Group);

    /// <summary>The fields in their order; lines that are none are passed over.</summary>
    public static ImmutableArray<Field> Read(string text)
    {
        var fields = ImmutableArray.CreateBuilder<Field>();
        var (name, value, group) = ("", new List<string>(), 0);
        foreach (var line in text.EnumerateLines())
        {
            if (line is [' ' or '\t', ..] && name.Length > 0 && !line.IsWhiteSpace())
            {
                value.Add(line.Trim().ToString());
                continue;
            }

            Keep();
            group += line.IsWhiteSpace() ? 1 : 0;
            if (line.IndexOf(':') is > 0 and var colon && line[..colon].TrimEnd().IndexOfAny(" \t") < 0)
            {
                name = line[..colon].Trim().ToString();
                value.Add(line[(colon + 1)..].Trim().ToString());
            }

            if (fields.Count >= MaxFields)
            {
                break;
            }
        }

        Keep();
        return fields.ToImmutable();

        void Keep()
        {
            if (name.Length > 0)
            {
                fields.Add(new Field(name, string.Join(' ', value).Trim(), group));
            }

            name = "";
            value.Clear();
        }
    }
}
