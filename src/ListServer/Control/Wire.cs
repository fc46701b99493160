using System.Text.Json;
using System.Text.Json.Serialization;

namespace ListServer.Control;

/// <summary>How use cases and answers are written in JSON: on the control socket and for --json.</summary>
internal static class Wire
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly JsonSerializerOptions Pretty = new(Options) { WriteIndented = true };
}
