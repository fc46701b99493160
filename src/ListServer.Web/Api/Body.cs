using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ListServer.Web.Api;

/// <summary>Reads what was sent, and says of each field what is wrong with it.</summary>
internal static class Body
{
    public const int MostOctets = 1 << 20;

    /// <summary>The whole body; the server itself refuses what is larger.</summary>
    public static async Task<byte[]> ReadAsync(HttpContext http, long most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }

        using var octets = new MemoryStream();
        await http.Request.Body.CopyToAsync(octets, http.RequestAborted);
        return octets.ToArray();
    }

    /// <summary>Turns JSON into what an endpoint takes.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static Answer? Parse<T>(HttpContext http, byte[] octets, out T? body)
    {
        body = default;
        if (!http.Request.HasJsonContentType())
        {
            return Answer.Problem(ApiProblem.WrongMediaType, "The body has to be application/json.");
        }

        try
        {
            using var document = JsonDocument.Parse(octets, new JsonDocumentOptions { MaxDepth = ApiJson.Options.MaxDepth });
            var errors = new List<FieldError>();
            Look(document.RootElement, ApiJson.Options.GetTypeInfo(typeof(T)), "", errors);
            if (errors.Count > 0)
            {
                return Answer.Problem(ApiProblem.Invalid, "Some fields can't be used; \"errors\" says which.", errors);
            }

            body = document.RootElement.Deserialize<T>(ApiJson.Options);
            return body is null ? Answer.Problem(ApiProblem.Invalid, "The body is null.") : null;
        }
        catch (JsonException malformed)
        {
            var field = (malformed.Path ?? "").TrimStart('$').TrimStart('.');
            return field.Length > 0
                ? Answer.Problem(ApiProblem.Invalid, "A field can't be used; \"errors\" says which.", new FieldError(field, "This value is not of the kind that stands here."))
                : Answer.Problem(ApiProblem.Invalid, $"The body is not well-formed JSON (line {malformed.LineNumber + 1 ?? 0}, octet {malformed.BytePositionInLine + 1 ?? 0}).");
        }
    }

    // All that is wrong at once, so that nobody has to ask field by field.
    private static void Look(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        if (type.Kind is JsonTypeInfoKind.Object && element.ValueKind is JsonValueKind.Object)
        {
            LookAtFields(element, type, path, errors);
        }
        else if (type.Kind is JsonTypeInfoKind.Object && element.ValueKind is not JsonValueKind.Null)
        {
            errors.Add(new FieldError(path, "An object in braces stands here."));
        }
        else if (type.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary) && element.ValueKind is not JsonValueKind.Null)
        {
            LookAtValue(element, type, path, errors);
        }
    }

    private static void LookAtFields(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in element.EnumerateObject())
        {
            var name = path.Length > 0 ? $"{path}.{field.Name}" : field.Name;
            if (!present.Add(field.Name))
            {
                errors.Add(new FieldError(name, "This field stands twice."));
            }
            else if (type.Properties.FirstOrDefault(one => one.Name == field.Name && IsTaken(one)) is not { } property)
            {
                errors.Add(new FieldError(name, $"There is no such field. There are: {string.Join(", ", Names(type))}."));
            }
            else
            {
                if (field.Value.ValueKind is JsonValueKind.Null && !property.IsSetNullable)
                {
                    errors.Add(new FieldError(name, "This field can't be null."));
                }

                Look(field.Value, ApiJson.Options.GetTypeInfo(property.PropertyType), name, errors);
            }
        }

        errors.AddRange(type.Properties.Where(property => property.IsRequired && !present.Contains(property.Name))
            .Select(property => new FieldError(path.Length > 0 ? $"{path}.{property.Name}" : property.Name, "This field is missing.")));
    }

    private static void LookAtValue(JsonElement element, JsonTypeInfo type, string path, List<FieldError> errors)
    {
        try
        {
            _ = element.Deserialize(type);
        }
        catch (JsonException)
        {
            var kind = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
            errors.Add(new FieldError(path, kind.IsEnum
                ? $"One of these stands here: {string.Join(", ", Enum.GetNames(kind).Select(JsonNamingPolicy.CamelCase.ConvertName))}."
                : $"This value is not of the kind that stands here: {Word(kind)}."));
        }
    }

    private static IEnumerable<string> Names(JsonTypeInfo type) =>
        type.Properties.Where(IsTaken).Select(property => property.Name);

    // By a setter or by the constructor.
    private static bool IsTaken(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;

    private static string Word(Type kind) => kind switch
    {
        _ when kind == typeof(string) => "text in quotation marks",
        _ when kind == typeof(bool) => "true or false",
        _ when kind == typeof(DateTimeOffset) => "a time of ISO 8601, such as 2027-10-01T09:00:00+09:00",
        _ when kind == typeof(byte[]) => "octets in base 64",
        _ when kind.IsPrimitive => "a number",
        _ => "a list in brackets",
    };
}
