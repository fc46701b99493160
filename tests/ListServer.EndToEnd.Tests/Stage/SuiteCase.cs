using System.Globalization;
using System.Text.Json;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>A case of a conformance suite (Data/NAME/cases.json), and its zone in a name server of its own.</summary>
internal sealed class SuiteCase : IDisposable
{
    private readonly JsonElement _json;
    private readonly string _folder;

    private SuiteCase(string folder, JsonElement json, JsonElement zones)
    {
        (_folder, _json) = (folder, json);
        foreach (var record in zones.GetProperty(Text("zone")).EnumerateArray())
        {
            var (name, value) = (record.GetProperty("name").GetString()!, record.GetProperty("value"));
            switch (record.GetProperty("type").GetString())
            {
                case "TXT":
                    Names.AddText(name, [.. value.EnumerateArray().Select(text => text.GetString()!)]);
                    break;
                case "A":
                    Names.AddAddress(name, value.GetString()!);
                    break;
                case var type:
                    throw new NotSupportedException($"No case that is asked for here has {type} records.");
            }
        }
    }

    public NameServer Names { get; } = new();

    public JsonElement Expected => _json.GetProperty("expected");

    public string Message => Path.Combine(_folder, Text("file"));

    public string Key => Path.Combine(_folder, Text("keyFile"));

    public string Time => _json.GetProperty("time").GetInt64().ToString(CultureInfo.InvariantCulture);

    public static SuiteCase Get(string id)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Data", id.Split('/')[0]);
        var cases = Read("cases.json").GetProperty("cases").EnumerateArray();
        return new SuiteCase(folder, cases.Single(item => item.GetProperty("id").GetString() == id), Read("zones.json"));

        JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file))).RootElement;
    }

    public string Text(string property) => _json.GetProperty(property).GetString()!;

    public void Dispose() => Names.Dispose();
}
