using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Fluid;

namespace ListServer.Lists.Notices;

/// <summary>Liquid as this server uses it: no value that is not there, no filter that is not there, no loop without end.</summary>
internal static partial class Liquid
{
    private const int MaxSteps = 10_000;
    private const int MostKnown = 1_000;
    private static readonly FluidParser Parser = new();
    private static readonly TemplateOptions Options = new() { StrictVariables = true, StrictFilters = true, MaxSteps = MaxSteps };
    private static readonly ConcurrentDictionary<string, IFluidTemplate?> Known = new(StringComparer.Ordinal);

    /// <summary>Reads a template.</summary>
    /// <param name="source">The template.</param>
    /// <param name="template">What was read.</param>
    /// <param name="problem">What is wrong, with its line; null for nothing.</param>
    /// <param name="firstLine">The number of the source's first line.</param>
    public static bool TryParse(string source, [NotNullWhen(true)] out IFluidTemplate? template, out string? problem, int firstLine = 1)
    {
        if (Parser.TryParse(source, out template, out var words))
        {
            problem = null;
            return true;
        }

        var place = Place().Match(words);
        var line = place.Success ? int.Parse(place.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) : 1;
        problem = $"Line {line + firstLine - 1}: {Place().Replace(words.ReplaceLineEndings("\n").Split('\n')[0], "").TrimEnd('.', ' ')}. Write values as {{{{ name }}}} and conditions as {{% if name %}} … {{% endif %}}.";
        return false;
    }

    /// <summary>A template that is filled in often, read once; null for what is none.</summary>
    /// <param name="source">The template.</param>
    public static IFluidTemplate? Find(string source)
    {
        if (Known.TryGetValue(source, out var known))
        {
            return known;
        }

        if (Known.Count >= MostKnown)
        {
            Known.Clear();
        }

        return Known[source] = TryParse(source, out var template, out _) ? template : null;
    }

    /// <summary>The template with these values.</summary>
    /// <exception cref="FluidException">It asks for what is not there, or for too much.</exception>
    /// <exception cref="InvalidOperationException">It asks for too much.</exception>
    public static string Render(IFluidTemplate template, IReadOnlyDictionary<string, object> values, TextEncoder? encoder = null)
    {
        var context = new TemplateContext(Options);
        foreach (var (name, value) in values)
        {
            context.SetValue(name, value);
        }

        return template.Render(context, encoder ?? NullEncoder.Default);
    }

    /// <summary>What went wrong in words, with the line where it is told and what to do.</summary>
    public static string Explain(Exception problem, string source, IEnumerable<string> names)
    {
        var name = Quoted().Match(problem.Message) is { Success: true } match ? match.Groups[1].Value : "";
        var at = name.Length > 0 ? source.ReplaceLineEndings("\n").Split('\n').Index().FirstOrDefault(line => line.Item.Contains(name, StringComparison.Ordinal)).Index : -1;
        return $"{(at >= 0 ? $"Line {at + 1}: " : "")}{problem.Message.TrimEnd('.')}. The values are {string.Join(", ", names.Order(StringComparer.Ordinal))}.";
    }

    [GeneratedRegex(@"\s*(?:at )?\((?:line:? ?)?(\d+)[:,] ?(?:column:? ?)?\d+\)", RegexOptions.IgnoreCase)]
    private static partial Regex Place();

    [GeneratedRegex("'([A-Za-z_][A-Za-z0-9_.]*)'")]
    private static partial Regex Quoted();
}
