using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Web.Live;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web.Api;

/// <summary>What the OpenAPI document says of an endpoint that its handler does not show.</summary>
/// <param name="Query">Parameters behind the question mark.</param>
/// <param name="NeedsIfMatch">True for what changes a state that the caller has seen.</param>
/// <param name="TakesIdempotencyKey">True for what may be repeated with the same key.</param>
internal sealed record EndpointWords(IReadOnlyList<QueryParameter> Query, bool NeedsIfMatch = false, bool TakesIdempotencyKey = false);

/// <summary>Maps endpoints of one group: each with the right and the scope it needs, what it takes, and what it answers.</summary>
/// <param name="routes">Where.</param>
/// <param name="tag">The group's name in the OpenAPI document.</param>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes, string tag)
{
    public const string Base = "/api/v1";

    private const string Json = "application/json";

    public void Get<TAnswer>(string pattern, Right right, string? scope, string summary, Func<Call, Task<Answer>> handler, params QueryParameter[] query) =>
        Add("GET", pattern, right, scope, summary, new EndpointWords(query), call => handler(call)).Produces<TAnswer>();

    public void Post<TAnswer>(string pattern, Right right, string scope, string summary, Func<Call, Task<Answer>> handler, int status = StatusCodes.Status200OK) =>
        Add("POST", pattern, right, scope, summary, new EndpointWords([], TakesIdempotencyKey: true), call => Repeats.RunAsync(call, handler)).Produces<TAnswer>(status);

    public void Post<TBody, TAnswer>(string pattern, Right right, string scope, string summary, Func<Call, TBody, Task<Answer>> handler, int status = StatusCodes.Status201Created, long most = Body.MostOctets)
        where TBody : notnull =>
        Add("POST", pattern, right, scope, summary, new EndpointWords([], TakesIdempotencyKey: true), async call =>
        {
            call.Octets = await Body.ReadAsync(call.Http, most);
            return await Repeats.RunAsync(call, again => WithBody(again, handler));
        }).Accepts<TBody>(Json).Produces<TAnswer>(status);

    /// <summary>Makes something whose answer is given once: it holds a secret, and is not kept for an Idempotency-Key.</summary>
    public void PostOnce<TBody, TAnswer>(string pattern, Right right, string scope, string summary, Func<Call, TBody, Task<Answer>> handler)
        where TBody : notnull =>
        AddWithBody<TBody, TAnswer>("POST", pattern, right, scope, summary, new EndpointWords([]), (call, body) => Once(call, () => handler(call, body)), StatusCodes.Status201Created);

    /// <inheritdoc cref="PostOnce{TBody, TAnswer}"/>
    public void PostOnce<TAnswer>(string pattern, Right right, string scope, string summary, Func<Call, Task<Answer>> handler) =>
        Add("POST", pattern, right, scope, summary, new EndpointWords([]), call => Once(call, () => handler(call))).Produces<TAnswer>();

    /// <summary>Takes something else than JSON.</summary>
    public void PostOctets<TAnswer>(string pattern, Right right, string scope, string summary, string mediaType, long most, Func<Call, Task<Answer>> handler, int status, params QueryParameter[] query) =>
        Add("POST", pattern, right, scope, summary, new EndpointWords(query, TakesIdempotencyKey: true), async call =>
        {
            if (call.Http.Request.ContentType?.Split(';')[0].Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase) != true)
            {
                return Answer.Problem(ApiProblem.WrongMediaType, $"The body has to be {mediaType}.");
            }

            call.Octets = await Body.ReadAsync(call.Http, most);
            return await Repeats.RunAsync(call, handler);
        }).Accepts<string>(mediaType).Produces<TAnswer>(status);

    public void Put<TBody, TAnswer>(string pattern, Right right, string scope, string summary, Func<Call, TBody, Task<Answer>> handler)
        where TBody : notnull =>
        AddWithBody<TBody, TAnswer>("PUT", pattern, right, scope, summary, new EndpointWords([]), handler, StatusCodes.Status200OK);

    public void Patch<TBody, TAnswer>(string pattern, Right right, string scope, string summary, Func<Call, TBody, Task<Answer>> handler)
        where TBody : notnull =>
        AddWithBody<TBody, TAnswer>("PATCH", pattern, right, scope, summary, new EndpointWords([], NeedsIfMatch: true), handler, StatusCodes.Status200OK);

    public void Delete(string pattern, Right right, string? scope, string summary, Func<Call, Task<Answer>> handler, bool needsIfMatch = false) =>
        Add("DELETE", pattern, right, scope, summary, new EndpointWords([], needsIfMatch), call => handler(call)).Produces(StatusCodes.Status204NoContent);

    /// <summary>Tells what becomes of something, by server-sent events, for as long as somebody listens.</summary>
    /// <param name="pattern">The path.</param>
    /// <param name="right">The right.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="summary">For the document.</param>
    /// <param name="look">Shows how it stands; when it refuses, nothing is told any more.</param>
    /// <param name="topics">What changes it.</param>
    /// <param name="isOver">True once nothing more will happen.</param>
    public void Events<T>(string pattern, Right right, string? scope, string summary, Func<Call, Task<Outcome<T>>> look, Topic topics, Predicate<T> isOver) =>
        routes.MapGet(Base + pattern, async (HttpContext http) =>
        {
            var call = new Call(http);
            return call.ReadQuery([]) ?? (IResult)(await look(call) switch
            {
                Outcome<T>.Done => http.RequestServices.GetRequiredService<LiveEvents>().Follow(call.Visit.Desk, topics, () => look(call), isOver, http.RequestAborted),
                Outcome<T>.Refused refused => Answer.Refused(refused.Kind, refused.Message),
                _ => Answer.Nothing(),
            });
        }).Needs(right).WithMetadata(new NeedsScope(scope), new EndpointWords([])).WithTags(tag).WithSummary(summary)
            .Produces<T>(StatusCodes.Status200OK, "text/event-stream")
            .Produces<ProblemBody>(StatusCodes.Status404NotFound, ApiProblem.MediaType);

    private static async Task<Answer> Once(Call call, Func<Task<Answer>> handler) => call.Http.Request.Headers.ContainsKey(Repeats.Header)
        ? Answer.Problem(ApiProblem.Invalid, "The answer holds a secret and is not kept: send this without an Idempotency-Key.", new FieldError(Repeats.Header, "Not here."))
        : await handler();

    private RouteHandlerBuilder AddWithBody<TBody, TAnswer>(
        string method, string pattern, Right right, string scope, string summary, EndpointWords words, Func<Call, TBody, Task<Answer>> handler, int status)
        where TBody : notnull =>
        Add(method, pattern, right, scope, summary, words, async call =>
        {
            call.Octets = await Body.ReadAsync(call.Http, Body.MostOctets);
            return await WithBody(call, handler);
        }).Accepts<TBody>(Json).Produces<TAnswer>(status);

    private static Task<Answer> WithBody<TBody>(Call call, Func<Call, TBody, Task<Answer>> handler)
        where TBody : notnull =>
        Body.Parse<TBody>(call.Http, call.Octets, out var body) is { } problem ? Task.FromResult(problem) : handler(call, body!);

    private RouteHandlerBuilder Add(string method, string pattern, Right right, string? scope, string summary, EndpointWords words, Func<Call, Task<Answer>> handler) =>
        routes.MapMethods(Base + pattern, [method], async (HttpContext http) =>
        {
            var call = new Call(http);
            return (IResult)(call.ReadQuery(words.Query) ?? await handler(call));
        }).Needs(right).WithMetadata(new NeedsScope(scope), words).WithTags(tag).WithSummary(summary)
            .Produces<ProblemBody>(StatusCodes.Status400BadRequest, ApiProblem.MediaType)
            .Produces<ProblemBody>(StatusCodes.Status401Unauthorized, ApiProblem.MediaType)
            .Produces<ProblemBody>(StatusCodes.Status403Forbidden, ApiProblem.MediaType)
            .Produces<ProblemBody>(StatusCodes.Status404NotFound, ApiProblem.MediaType)
            .Produces<ProblemBody>(StatusCodes.Status429TooManyRequests, ApiProblem.MediaType);
}
