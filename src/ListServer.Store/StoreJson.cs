using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ListServer.Store;

/// <summary>
/// How records become octets. Read by reflection, not by a generated context: generated code gives an init property that is
/// missing in older octets null or 0 instead of its default, and a setting added later must get its default.
/// </summary>
internal static class StoreJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>As the type it is.</summary>
    public static byte[] Write(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Options);

    /// <exception cref="JsonException">The octets are not a <typeparamref name="T"/>.</exception>
    public static T Read<T>(ReadOnlySpan<byte> octets) =>
        JsonSerializer.Deserialize<T>(octets, Options) ?? throw new JsonException($"null where a {typeof(T).Name} was expected");
}
