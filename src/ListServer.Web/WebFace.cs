using ListServer.Admin.Jobs;
using ListServer.Admin.People;
using ListServer.Web.Announce;
using ListServer.Web.Api;
using ListServer.Web.Archive;
using ListServer.Web.Consents;
using ListServer.Web.Delivery;
using ListServer.Web.Held;
using ListServer.Web.Lists;
using ListServer.Web.Live;
using ListServer.Web.Me;
using ListServer.Web.Members;
using ListServer.Web.Pages;
using ListServer.Web.Posts;
using ListServer.Web.Reports;
using ListServer.Web.Server;
using ListServer.Web.Settings;
using ListServer.Web.SignIn;
using ListServer.Web.Tokens;
using ListServer.Web.Visits;
using ListServer.Web.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web;

/// <summary>Puts the pages into a web application.</summary>
public static class WebFace
{
    /// <summary>Registers what the pages need; <see cref="Admin.LocalDesk"/> and <see cref="TimeProvider"/> are the caller's to register.</summary>
    public static IServiceCollection AddWebFace(this IServiceCollection services, WebSettings settings)
    {
        services.AddSingleton(settings);
        services.AddHttpContextAccessor();
        services.AddScoped<Visit>();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = settings.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true; // frame-ancestors says it
        });
        services.AddRazorComponents();
        services.AddPasskeys(settings);
        services.AddApi();
        services.AddProvider(settings);
        services.AddSingleton<JobRuns>();
        services.AddSingleton(new LiveEvents(TimeProvider.System)); // how often people can look is not a matter of the server's clock
        return services;
    }

    /// <summary>Maps the pages.</summary>
    public static void MapWebFace(this WebApplication application)
    {
        Believe(application, application.Services.GetRequiredService<WebSettings>());
        application.Use(next => http => SecurityHeaders.InvokeAsync(http, next));
        application.UseExceptionHandler(failed => failed.Run(http => FailedAsync(http)));
        application.UseRouting();
        application.UseWhen(ApiGate.IsApi, api =>
        {
            api.UseStatusCodePages(context => ApiEndpoints.MissingAsync(context.HttpContext));
            api.Use(next => http => ApiGate.InvokeAsync(http, next));
            api.Use(next => http => ApiEndpoints.LetScalarRun(http, next));
        });
        application.UseWhen(http => !ApiGate.IsApi(http), pages =>
        {
            pages.Use(next => http => Reception.InvokeAsync(http, next));
            pages.UseStatusCodePages(context => MissingAsync(context.HttpContext));
            pages.Use(next => http => RightsGate.InvokeAsync(http, next));
            pages.Use(next => http => FormGate.InvokeAsync(http, next));
        });
        Asset.MapAll(application);
        application.MapGet("/healthz", () => Results.Text("ok\n")).Needs(Right.Public);
        application.MapLeaving();
        application.MapHeldLinks();
        application.MapJoinLinks();
        application.MapSignIn();
        application.MapPasskeys();
        application.MapPasswords();
        application.MapProvider();
        application.MapAccount();
        application.MapMe();
        application.MapLists();
        application.MapHeld();
        application.MapPosts();
        application.MapArchive();
        application.MapMembers();
        application.MapAnnounce();
        application.MapDelivery();
        application.MapConsents();
        application.MapSettings();
        application.MapServer();
        application.MapReports();
        application.MapTokens();
        application.MapLive();
        application.MapWebhooks();
        application.MapApi();
    }

    private static void Believe(WebApplication application, WebSettings settings)
    {
        if (settings.TrustedProxies.IsEmpty)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in settings.TrustedProxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        application.UseForwardedHeaders(options);
    }

    // What the log says of the failure stands there under the same reference.
    private static Task FailedAsync(HttpContext http)
    {
        SecurityHeaders.InvokeAsync(http, _ => Task.CompletedTask);
        if (ApiGate.IsApi(http))
        {
            return ApiEndpoints.FailedAsync(http, http.Features.Get<IExceptionHandlerFeature>()?.Error);
        }

        var say = http.RequestServices.GetRequiredService<Visit>().Words;
        var page = http.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad
            ? ProblemPage.Of(bad.StatusCode, say.Say("This was not understood"), say.Say("The browser sent something that is too large, or cut off."))
            : ProblemPage.Of(
                StatusCodes.Status500InternalServerError,
                say.Say("Something broke here"),
                say.Say("Nothing is half done. Whoever runs the server finds what happened in its log under this reference:"),
                http.TraceIdentifier);
        return page.ExecuteAsync(http);
    }

    private static Task MissingAsync(HttpContext http)
    {
        var say = http.RequestServices.GetRequiredService<Visit>().Words;
        return http.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed
            ? ProblemPage.Of(http.Response.StatusCode, say.Say("There is nothing here"), say.Say("The address may be mistyped, or what was here is gone.")).ExecuteAsync(http)
            : Task.CompletedTask;
    }
}
