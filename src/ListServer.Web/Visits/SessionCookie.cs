using ListServer.Admin.People;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Visits;

/// <summary>The browser's half of a session (SEC-24).</summary>
internal static class SessionCookie
{
    // The prefix forbids a cookie from elsewhere in the domain, and one without TLS; browsers refuse it without TLS.
    private static string Name(Visit visit) => visit.IsSecure ? "__Host-session" : "session";

    public static string? Read(Visit visit) => visit.Http.Request.Cookies[Name(visit)];

    /// <summary>Opens the session in the visitor's browser in place of the one that may be there, and leads where they were going.</summary>
    public static async Task<IResult> EnterAsync(Visit visit, OpenSession session, string to)
    {
        if (visit.Visitor is { } before)
        {
            await visit.Desk.RunAsync(new CloseSessions(before.Address, before.Session), visit.Http.RequestAborted);
        }

        Write(visit, session);
        return visit.Go(to == "/" ? "/lists" : to);
    }

    public static void Write(Visit visit, OpenSession session) =>
        visit.Http.Response.Cookies.Append(Name(visit), session.Token, Options(visit, session.ExpiresAt));

    public static void Delete(Visit visit) => visit.Http.Response.Cookies.Delete(Name(visit), Options(visit, null));

    // Lax: whoever follows a link from a mail is still signed in.
    private static CookieOptions Options(Visit visit, DateTimeOffset? expires) =>
        new() { HttpOnly = true, Secure = visit.IsSecure, SameSite = SameSiteMode.Lax, Path = "/", Expires = expires };
}
