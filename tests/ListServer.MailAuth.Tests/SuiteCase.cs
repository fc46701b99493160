using System.Text.Json;

namespace ListServer.MailAuth.Tests;

/// <summary>One case of a suite under Data/, in the form of cases.json; its zone and message are beside it.</summary>
internal sealed class SuiteCase
{
    private static readonly Dictionary<string, Suite> Suites = [];
    private readonly Suite _suite;

    private SuiteCase(Suite suite, JsonElement json)
    {
        _suite = suite;
        Json = json;
    }

    /// <summary>The case as written.</summary>
    public JsonElement Json { get; }

    public string Id => Text("id");

    public JsonElement Expected => Json.GetProperty("expected");

    public bool IsDisputed => Json.TryGetProperty("disputed", out _);

    /// <summary>The zone of the case, or an empty one.</summary>
    public ZoneResolver Zone => ZoneResolver.FromJson(
        Json.TryGetProperty("zone", out var zone) ? _suite.Zones!.RootElement.GetProperty(zone.GetString()!) : JsonDocument.Parse("[]").RootElement);

    public RawMessage Message => RawMessage.Parse(File.ReadAllBytes(Path.Combine(_suite.Folder, Text("file"))));

    public DateTimeOffset? Time => Json.TryGetProperty("time", out var time) ? DateTimeOffset.FromUnixTimeSeconds(time.GetInt64()) : null;

    public string Text(string property) => Json.GetProperty(property).GetString()!;

    /// <summary>Ids of the suite's undisputed cases, for theory data.</summary>
    public static IEnumerable<TheoryDataRow<string>> Ids(string suite) =>
        Load(suite).Cases.Values.Where(c => !c.IsDisputed).Select(c => new TheoryDataRow<string>(c.Id));

    /// <summary>The case of an id, which begins with its suite's name.</summary>
    public static SuiteCase Get(string id) => Load(id[..id.IndexOf('/', StringComparison.Ordinal)]).Cases[id];

    /// <summary>True when a result is the preferred one of an expectation, or one that it accepts.</summary>
    public static bool Accepts(JsonElement expectation, string result) =>
        expectation.GetProperty("result").GetString() == result
        || (expectation.TryGetProperty("accept", out var accept) && accept.EnumerateArray().Any(a => a.GetString() == result));

    private static Suite Load(string name)
    {
        lock (Suites)
        {
            if (!Suites.TryGetValue(name, out var suite))
            {
                var folder = Path.Combine(AppContext.BaseDirectory, "Data", name);
                var zones = Path.Combine(folder, "zones.json");
                suite = new Suite(folder, File.Exists(zones) ? JsonDocument.Parse(File.ReadAllBytes(zones)) : null, []);
                foreach (var json in JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "cases.json"))).RootElement.GetProperty("cases").EnumerateArray())
                {
                    var item = new SuiteCase(suite, json);
                    suite.Cases[item.Id] = item;
                }

                Suites[name] = suite;
            }

            return suite;
        }
    }

    private sealed record Suite(string Folder, JsonDocument? Zones, Dictionary<string, SuiteCase> Cases);
}
