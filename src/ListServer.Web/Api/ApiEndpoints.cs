using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace ListServer.Web.Api;

/// <summary>/api: the same use cases as the pages', for programs; and how it is documented.</summary>
internal static class ApiEndpoints
{
    private const string Document = "/api/v1/openapi.json";
    private const string Docs = "/api/docs";

    // Scalar writes styles into its page as it goes, and begins with a script of its own that bears a number for one answer. No other page may.
    private const string DocsPolicy =
        "default-src 'none'; script-src 'self' 'nonce-{0}'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void AddApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.AddOpenApi("v1", ApiDocument.Configure);
    }

    public static void MapApi(this WebApplication application)
    {
        application.MapListsApi();
        application.MapMembersApi();
        application.MapPostsApi();
        application.MapAnnouncementsApi();
        application.MapArchiveApi();
        application.MapServerApi();
        application.MapJobsApi();
        application.MapWebhooksApi();
        application.MapGet(ApiProblem.TypePath + "{name}", (string name) => ApiProblem.All.FirstOrDefault(kind => kind.Name == name) is { } kind
            ? Results.Text($"{kind.Title} ({kind.Status})\n\n{kind.Advice}\n")
            : Results.NotFound()).Needs(Right.Public).ExcludeFromDescription();
        application.MapOpenApi(Document).Needs(Right.Public);
        application.MapScalarApiReference(Docs, options => options
            .WithTitle("ListServer API").WithOpenApiRoutePattern(Document).WithNonce().DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools())
            .Needs(Right.Public);
    }

    /// <summary>Before an answer of the documentation's page begins: its own policy, which no other answer gets.</summary>
    public static Task LetScalarRun(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(() =>
        {
            if (http.Items[ScalarOptions.NonceHttpContextItemKey] is string nonce)
            {
                http.Response.Headers.ContentSecurityPolicy = DocsPolicy.Replace("{0}", nonce, StringComparison.Ordinal);
            }

            return Task.CompletedTask;
        });
        return next(http);
    }

    public static Task MissingAsync(HttpContext http) =>
        Answer.Problem(ApiProblem.OfStatus(http.Response.StatusCode), $"{http.Request.Method} {http.Request.Path} is nothing that the API knows.").ExecuteAsync(http);

    public static Task FailedAsync(HttpContext http, Exception? failure) => failure is BadHttpRequestException bad
        ? Answer.Problem(ApiProblem.OfStatus(bad.StatusCode), bad.Message).ExecuteAsync(http)
        : Answer.Problem(ApiProblem.Broken, "What happened stands in the server's log.", http.TraceIdentifier, []).ExecuteAsync(http);
}
