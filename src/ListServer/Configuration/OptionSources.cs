using System.Collections;
using Microsoft.Extensions.Configuration;

namespace ListServer.Configuration;

/// <summary>Reads the options from where an operator puts them.</summary>
internal static class OptionSources
{
    /// <summary>The JSON file that is read from the data folder when no other is named.</summary>
    public const string FileName = "listserver.json";

    /// <summary>Reads and validates all options.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="file">A JSON file, or null for the one in the data folder, if it is there.</param>
    /// <param name="assignments">Key=Value, as given to --set.</param>
    /// <param name="errors">What is wrong, in words; empty when all is well.</param>
    public static ServerOptions Read(string dataFolder, string? file, IReadOnlyList<string> assignments, out IReadOnlyList<string> errors)
    {
        var problems = new List<string>();
        errors = problems;
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var assignment in assignments)
        {
            var at = assignment.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                problems.Add($"--set takes Key=Value, such as Smtp:Listen=127.0.0.1:2525, not '{assignment}'.");
                continue;
            }

            settings[assignment[..at].Trim()] = assignment[(at + 1)..].Trim();
        }

        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file ?? Path.Combine(dataFolder, FileName)), optional: file is null)
                .AddInMemoryCollection(FromEnvironment())
                .AddInMemoryCollection(settings)
                .Build();
            var options = OptionBinder.Bind<ServerOptions>(configuration, problems);
            return options.HostName.Length > 0 ? options : options with { HostName = Environment.MachineName.ToLowerInvariant() };
        }
        catch (Exception error) when (error is InvalidDataException or FileNotFoundException)
        {
            problems.Add(error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message);
            return new ServerOptions();
        }
    }

    // LISTSERVER_SMTP__LISTEN and LISTSERVER__SMTP__LISTEN are both Smtp:Listen. LISTSERVER_DATA is the command line's own.
    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(pair => (Name: (string)pair.Key, Value: (string?)pair.Value))
            .Where(pair => pair.Name.StartsWith("LISTSERVER_", StringComparison.Ordinal) && pair.Name != "LISTSERVER_DATA")
            .Select(pair => KeyValuePair.Create(
                pair.Name["LISTSERVER_".Length..].TrimStart('_').Replace("__", ":", StringComparison.Ordinal), pair.Value));
}
