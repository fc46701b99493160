using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ListServer.Admin;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Api;

/// <summary>What the API answers: whole before it is sent, so that it can be kept and given again.</summary>
internal sealed record Answer(int Status, string MediaType, byte[] Body) : IResult
{
    private const int RetryAfterSeconds = 60;

    /// <summary>Where the thing is that was made; null for none.</summary>
    public string? Location { get; init; }

    /// <summary>The state of what can be changed; null for none.</summary>
    public string? ETag { get; init; }

    /// <summary>How to prove oneself, with 401 and 403.</summary>
    public string? Challenge { get; init; }

    public static Answer Json<T>(T body, int status = StatusCodes.Status200OK) => new(status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options));

    /// <summary>Something that can be changed: who changes it says by its ETag what they saw.</summary>
    public static Answer Changeable<T, TState>(T body, TState state, int status = StatusCodes.Status200OK) => Json(body, status) with { ETag = TagOf(state) };

    public static Answer Nothing() => new(StatusCodes.Status204NoContent, "", []);

    public static Answer Problem(ApiProblem kind, string detail, params IReadOnlyList<FieldError> errors) => Problem(kind, detail, null, errors);

    public static Answer Problem(ApiProblem kind, string detail, string? instance, IReadOnlyList<FieldError> errors) => new(
        kind.Status,
        ApiProblem.MediaType,
        JsonSerializer.SerializeToUtf8Bytes(new ProblemBody(ApiProblem.TypePath + kind.Name, kind.Title, kind.Status, detail, instance, errors), ApiJson.Options));

    /// <summary>Why a use case was not done.</summary>
    public static Answer Refused(Refusal kind, string message, string? field = null) => Problem(
        kind switch
        {
            Refusal.NotFound => ApiProblem.NotFound,
            Refusal.Conflict => ApiProblem.Conflict,
            Refusal.NotAllowed => ApiProblem.NotAllowed,
            Refusal.TryLater => ApiProblem.TryLater,
            _ => ApiProblem.Invalid,
        },
        message,
        field is null ? [] : [new FieldError(JsonNamingPolicy.CamelCase.ConvertName(field), message)]);

    /// <summary>A strong entity tag (RFC 9110 §8.8.3): the same for the same state.</summary>
    public static string TagOf<T>(T state) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(state, ApiJson.Options)).AsSpan(0, 12))}\"";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (ETag is not null)
        {
            response.Headers.ETag = ETag;
        }

        if (Challenge is not null)
        {
            response.Headers.WWWAuthenticate = Challenge;
        }

        if (Status is StatusCodes.Status429TooManyRequests)
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Body.Length > 0)
        {
            response.ContentType = MediaType;
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, httpContext.RequestAborted);
        }
    }
}

/// <summary>Where a page of a longer answer ends, in a form that only we read.</summary>
internal static class Cursor
{
    private const string Mark = "1:";

    public static string? Of(string? last) => last is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(Mark + last)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static bool TryRead(string text, out string last)
    {
        var octets = new byte[text.Length];
        var padded = text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');
        last = Convert.TryFromBase64String(padded, octets, out var length) ? Encoding.UTF8.GetString(octets, 0, length) : "";
        if (!last.StartsWith(Mark, StringComparison.Ordinal) || last.Contains('\uFFFD', StringComparison.Ordinal) || last.Any(char.IsControl))
        {
            return false;
        }

        last = last[Mark.Length..];
        return true;
    }
}

/// <summary>A page of a longer answer.</summary>
/// <param name="Items">As many as "limit" said, or fewer.</param>
/// <param name="Next">For "cursor" of the next page; null on the last.</param>
public sealed record ItemPage<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>Cuts off what was read beyond the limit, to know whether there is more.</summary>
    internal static ItemPage<T> Of(IReadOnlyList<T> read, int limit, Func<T, string> name) =>
        read.Count > limit ? new([.. read.Take(limit)], Cursor.Of(name(read[limit - 1]))) : new(read, null);
}
