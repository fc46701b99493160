using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Api;

/// <summary>A kind of refusal at the API (RFC 9457 §3.1.1): programs look at its name, people at its title.</summary>
/// <param name="Name">The last part of its "type".</param>
/// <param name="Status">The status that it comes with.</param>
/// <param name="Title">What it says of all its kind.</param>
/// <param name="Advice">What to do.</param>
internal sealed record ApiProblem(string Name, int Status, string Title, string Advice)
{
    public static readonly ApiProblem Invalid = new("invalid", StatusCodes.Status400BadRequest, "This was not understood", "Mend what \"errors\" or \"detail\" name, and send it again.");
    public static readonly ApiProblem NotAuthenticated = new("not-authenticated", StatusCodes.Status401Unauthorized, "No token was brought", "Send a token that is neither revoked nor too old: \"Authorization: Bearer lst_…\".");
    public static readonly ApiProblem NotAllowed = new("not-allowed", StatusCodes.Status403Forbidden, "This token may not do this", "Use a token with the scope that \"detail\" names, of somebody with the right.");
    public static readonly ApiProblem NotFound = new("not-found", StatusCodes.Status404NotFound, "There is nothing here", "Look for what is there; what was here may be gone.");
    public static readonly ApiProblem WrongMethod = new("wrong-method", StatusCodes.Status405MethodNotAllowed, "This can't be done here", "The OpenAPI document names what can be done at each address.");
    public static readonly ApiProblem Conflict = new("conflict", StatusCodes.Status409Conflict, "It is not as it was", "Read it again, and decide anew.");
    public static readonly ApiProblem OutcomeUnknown = new("outcome-unknown", StatusCodes.Status409Conflict, "Nobody knows whether this was done", "The server ended while it did this. Look whether it is done; if not, send it with another Idempotency-Key.");
    public static readonly ApiProblem InProgress = new("in-progress", StatusCodes.Status409Conflict, "This is being done just now", "Wait a moment, and send the same again.");
    public static readonly ApiProblem Changed = new("changed", StatusCodes.Status412PreconditionFailed, "Somebody changed it", "Read it again, and send the change with the new ETag in If-Match.");
    public static readonly ApiProblem TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "This is too large", "Send less at once.");
    public static readonly ApiProblem WrongMediaType = new("wrong-media-type", StatusCodes.Status415UnsupportedMediaType, "This is of another media type", "Send what the OpenAPI document names, mostly application/json.");
    public static readonly ApiProblem KeyReused = new("key-reused", StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key stands for something else", "Use a new key for each thing to do, and the same only to repeat it.");
    public static readonly ApiProblem NeedsIfMatch = new("needs-if-match", StatusCodes.Status428PreconditionRequired, "Say which state you change", "Send the ETag that came with it in If-Match, so that nobody's change is overwritten.");
    public static readonly ApiProblem TooMany = new("too-many", StatusCodes.Status429TooManyRequests, "Too many at once", "Wait as long as Retry-After says.");
    public static readonly ApiProblem Broken = new("broken", StatusCodes.Status500InternalServerError, "Something broke here", "Nothing is half done. Whoever runs the server finds it in the log under \"instance\".");
    public static readonly ApiProblem TryLater = new("try-later", StatusCodes.Status503ServiceUnavailable, "Not now", "Try again later.");

    public const string TypePath = "/api/problems/";
    public const string MediaType = "application/problem+json";

    public static IReadOnlyList<ApiProblem> All { get; } =
    [
        Invalid, NotAuthenticated, NotAllowed, NotFound, WrongMethod, Conflict, OutcomeUnknown, InProgress, Changed, TooLarge, WrongMediaType, KeyReused, NeedsIfMatch, TooMany, Broken, TryLater,
    ];

    /// <summary>The kind that belongs to a status that something else than we set.</summary>
    public static ApiProblem OfStatus(int status) => All.FirstOrDefault(kind => kind.Status == status) ?? Invalid;
}

/// <summary>One thing that is wrong with what was sent.</summary>
/// <param name="Field">Where: "settings.posting", a query parameter or a header; empty for the whole.</param>
/// <param name="Detail">What, in words.</param>
public sealed record FieldError(string Field, string Detail);

/// <summary>A refusal as it is sent (RFC 9457 §3.1).</summary>
/// <param name="Type">Names its kind.</param>
/// <param name="Title">What it says of all its kind.</param>
/// <param name="Status">The status that it came with.</param>
/// <param name="Detail">What happened here, in words.</param>
/// <param name="Instance">What finds it in the log; null where there is nothing to find.</param>
/// <param name="Errors">Field by field, where it is known.</param>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, string? Instance, IReadOnlyList<FieldError> Errors);
