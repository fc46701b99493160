using ListServer.Admin.People;
using ListServer.Web.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web.Visits;

/// <summary>What an endpoint asks of whoever comes. One that says nothing is closed to everybody (SEC-29).</summary>
/// <param name="Right">The right.</param>
internal sealed record Need(Right Right);

/// <summary>An endpoint whose POST needs no form of ours: its address is the whole authority.</summary>
internal sealed record ForeignPosts;

/// <summary>An endpoint that makes a new way into an account: for who signed in a moment ago.</summary>
/// <param name="Page">Where they go on after they signed in again.</param>
internal sealed record FreshSignIn(string Page);

/// <summary>How endpoints declare what they ask.</summary>
internal static class EndpointNeeds
{
    public static T Needs<T>(this T endpoint, Right right)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new Need(right));

    public static T NeedsFreshSignIn<T>(this T endpoint, string page)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new FreshSignIn(page));

    public static T TakesForeignPosts<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ForeignPosts());
}

/// <summary>Lets through who may come in.</summary>
internal static class RightsGate
{
    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var visit = http.RequestServices.GetRequiredService<Visit>();
        var need = http.GetEndpoint()?.Metadata.GetMetadata<Need>();
        if (http.GetEndpoint() is null || need is { Right: Right.Public })
        {
            await next(http);
        }
        else if (need is not null && visit.Visitor is null)
        {
            var there = HttpMethods.IsGet(http.Request.Method) ? http.Request.Path + http.Request.QueryString : "/lists";
            await visit.Go("/sign-in?to=" + Uri.EscapeDataString(there)).ExecuteAsync(http);
        }
        else if (need is not null && !visit.Visitor!.IsFresh && http.GetEndpoint()!.Metadata.GetMetadata<FreshSignIn>() is { Page: var page })
        {
            await visit.Go("/sign-in/again?to=" + Uri.EscapeDataString(page)).ExecuteAsync(http);
        }
        else if (need is not null && visit.Visitor!.May(need.Right))
        {
            await next(http);
        }
        else
        {
            await ProblemPage.Of(StatusCodes.Status403Forbidden, visit.Words.Say("You may not do this"),
                visit.Words.Say("You are signed in as {0}, who has no right to this page. Ask somebody who runs the list or the server.", visit.Visitor?.Address)).ExecuteAsync(http);
        }
    }
}

/// <summary>Lets no other site act in the name of whoever is signed in (SEC-23): a token in the form, and what the browser says of the sender.</summary>
internal static class FormGate
{
    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || http.GetEndpoint() is null || http.GetEndpoint()!.Metadata.GetMetadata<ForeignPosts>() is not null)
        {
            await next(http);
        }
        else if (IsFromHere(http) && http.Request.HasFormContentType && await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http))
        {
            await next(http);
        }
        else
        {
            var visit = http.RequestServices.GetRequiredService<Visit>();
            await ProblemPage.Of(StatusCodes.Status400BadRequest, visit.Words.Say("This page was too old"),
                visit.Words.Say("Nothing was done. Go back, load the page again, and repeat what you did.")).ExecuteAsync(http);
        }
    }

    private static bool IsFromHere(HttpContext http)
    {
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        var origin = http.Request.Headers.Origin.ToString();
        return site is "" or "same-origin" or "none"
            && (origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)));
    }
}

/// <summary>What every answer says to the browser (SEC-22, SEC-23).</summary>
internal static class SecurityHeaders
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()";
        headers.CacheControl = "no-store";
        if (http.RequestServices.GetRequiredService<WebSettings>().IsSecure || http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(http);
    }
}
