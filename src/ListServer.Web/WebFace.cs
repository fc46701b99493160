using ListServer.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web;

/// <summary>Puts the pages into a web application.</summary>
public static class WebFace
{
    // No script, no foreign origin, no frame: SEC-22, SEC-23.
    private const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Registers what the pages need; <see cref="Admin.IAdminDesk"/> is the caller's to register.</summary>
    public static IServiceCollection AddWebFace(this IServiceCollection services, WebSettings settings)
    {
        services.AddSingleton(settings);
        services.AddHttpContextAccessor();
        services.AddAntiforgery();
        services.AddRazorComponents();
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapWebFace(this WebApplication application)
    {
        application.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
        application.UseAntiforgery();
        application.MapGet(Stylesheet.Path, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(Stylesheet.Octets, "text/css; charset=utf-8");
        });
        application.MapGet("/healthz", () => Results.Text("ok\n"));
        application.MapLeaving();
        application.MapHeldPosts();
        application.MapRazorComponents<App>();
    }
}
