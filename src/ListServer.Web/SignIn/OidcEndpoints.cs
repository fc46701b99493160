using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ListServer.Web.SignIn;

/// <summary>
/// Signing in by a provider of identities (OpenID Connect: code flow with PKCE, state and nonce). It opens a session like the others, and only for an address that
/// the provider calls verified and that is known here.
/// </summary>
internal static class OidcEndpoints
{
    private const string Scheme = "oidc";
    private const string Callback = "/sign-in/oidc/callback";

    public static void AddProvider(this IServiceCollection services, WebSettings settings)
    {
        if (settings.Provider is not { } provider)
        {
            return;
        }

        // The handler alone, without the framework's sessions: it is called by the two endpoints below, behind the gates of all others.
        services.AddWebEncoders();
        services.AddTransient<OpenIdConnectHandler>();
        services.AddSingleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>();
        services.Configure<OpenIdConnectOptions>(Scheme, options =>
        {
            options.Authority = provider.Authority.ToString();
            options.ClientId = provider.ClientId;
            options.ClientSecret = provider.ClientSecret;
            options.RequireHttpsMetadata = !provider.Authority.IsLoopback;
            options.CallbackPath = Callback;
            options.ResponseType = OpenIdConnectResponseType.Code;
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.Scope.Clear();
            options.Scope.Add("openid");
            options.Scope.Add("email");
            options.MapInboundClaims = false;
            options.DisableTelemetry = true;
            foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            {
                cookie.SameSite = SameSiteMode.Lax;
                cookie.SecurePolicy = settings.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            }

            options.Events = new OpenIdConnectEvents
            {
                OnRedirectToIdentityProvider = context =>
                {
                    // Never from a request's Host, where the operator says what it is (SEC-30).
                    context.ProtocolMessage.RedirectUri = settings.BaseUrl is { } home ? home.ToString().TrimEnd('/') + Callback : context.ProtocolMessage.RedirectUri;
                    return Task.CompletedTask;
                },
                OnTicketReceived = OpenAsync,
                OnRemoteFailure = context =>
                {
                    context.HandleResponse();
                    return FailAsync(context.HttpContext);
                },
            };
        });
    }

    public static void MapProvider(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/oidc", AskAsync).Needs(Right.Public);
        routes.MapGet(Callback, HearAsync).Needs(Right.Public);
    }

    private static async Task AskAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<WebSettings>().Provider is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await (await HandlerAsync(http)).ChallengeAsync(new AuthenticationProperties { RedirectUri = LocalPath.Of(http.Request.Query["to"]) });
        }
        catch (InvalidOperationException)
        {
            // The provider does not answer, or not with what it should.
            await FailAsync(http);
        }
    }

    private static async Task HearAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<WebSettings>().Provider is null || !await (await HandlerAsync(http)).HandleRequestAsync())
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static async Task<OpenIdConnectHandler> HandlerAsync(HttpContext http)
    {
        var handler = http.RequestServices.GetRequiredService<OpenIdConnectHandler>();
        await handler.InitializeAsync(new AuthenticationScheme(Scheme, displayName: null, typeof(OpenIdConnectHandler)), http);
        return handler;
    }

    private static async Task OpenAsync(TicketReceivedContext context)
    {
        context.HandleResponse();
        var visit = context.HttpContext.RequestServices.GetRequiredService<Visit>();
        var to = LocalPath.Of(context.ReturnUri);
        if (context.Principal?.FindFirst("email")?.Value is { } address
            && string.Equals(context.Principal.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase)
            && await visit.Desk.RunAsync(new SignInByProvider(address, visit.Browser), visit.Http.RequestAborted) is Outcome<OpenSession>.Done(var session))
        {
            await (await SessionCookie.EnterAsync(visit, session, to)).ExecuteAsync(context.HttpContext);
        }
        else
        {
            await FailAsync(context.HttpContext);
        }
    }

    private static Task FailAsync(HttpContext http)
    {
        var visit = http.RequestServices.GetRequiredService<Visit>();
        var name = http.RequestServices.GetRequiredService<WebSettings>().Provider!.Name;
        return Answers.Page<SignInPage>(
            new { Problem = visit.Words.Say("{0} did not vouch for an address that is known here. Try again, or have a link sent.", name) }, StatusCodes.Status400BadRequest).ExecuteAsync(http);
    }
}
