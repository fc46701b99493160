using System.Security.Claims;
using ListServer.Admin;
using ListServer.Admin.People;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web.Visits;

/// <summary>Finds out who comes, and in which language to speak.</summary>
internal static class Reception
{
    private const string LanguageCookie = "language";
    private const string LanguageQuery = "lang";

    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var visit = http.RequestServices.GetRequiredService<Visit>();
        ChooseLanguage(visit);
        if (SessionCookie.Read(visit) is { Length: > 0 } token
            && await visit.Desk.RunAsync(new ShowVisitor(token, http.Request.RouteValues["list"]?.ToString()), http.RequestAborted) is Outcome<Visitor>.Done(var visitor))
        {
            visit.Visitor = visitor;

            // A form's token holds for the session it was made in.
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, visitor.Session)], "session"));
        }

        await next(http);
    }

    private static void ChooseLanguage(Visit visit)
    {
        var http = visit.Http;
        if (Words.Find(http.Request.Query[LanguageQuery]) is { } chosen)
        {
            visit.Words = chosen;
            http.Response.Cookies.Append(
                LanguageCookie, chosen.Language, new CookieOptions { HttpOnly = true, Secure = visit.IsSecure, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromDays(365) });
            return;
        }

        visit.Words = Words.Find(http.Request.Cookies[LanguageCookie])
            ?? http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => Words.Find(l.Value.ToString().Split('-')[0].ToLowerInvariant())).FirstOrDefault(w => w is not null)
            ?? Words.English;
    }
}
