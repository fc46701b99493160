using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Visits;

/// <summary>One request: who looks, in which language, at which list, and the desk where they act.</summary>
internal sealed class Visit(LocalDesk desk, IHttpContextAccessor accessor, IAntiforgery antiforgery, WebSettings settings)
{
    private const string NoteCookie = "note";
    public HttpContext Http => accessor.HttpContext!;

    /// <summary>What pages say.</summary>
    public Words Words { get; set; } = Words.English;

    /// <summary>Who looks; null for somebody who has not signed in.</summary>
    public Visitor? Visitor { get; set; }

    /// <summary>Where they act, in their own name.</summary>
    public LocalDesk Desk => Visitor is null ? desk : desk.For(Visitor.Address);

    /// <summary>The list that the address names; only where the right to it was checked.</summary>
    public MailingList List => Visitor!.List!;

    /// <summary>The list's address in a link.</summary>
    public string ListPath => "/lists/" + Uri.EscapeDataString(List.Address).Replace("%40", "@", StringComparison.Ordinal);

    /// <summary>True where cookies and links are for TLS only.</summary>
    public bool IsSecure => Http.Request.IsHttps || settings.IsSecure;

    /// <summary>The client's address, in text.</summary>
    public string Client => Http.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>The browser, for the list of sessions.</summary>
    public Browser Browser => new(Client, Http.Request.Headers.UserAgent.ToString());

    /// <summary>For answers that go on for long: true while the session is open, or the token good, and the right is there (SEC-24).</summary>
    public async Task<bool> IsStillInAsync(Right right)
    {
        var list = Http.Request.RouteValues["list"]?.ToString();
        Query<Visitor>? look = Visitor?.Grant is { } grant ? new ShowGrant(grant.Hash, list) : SessionCookie.Read(this) is { Length: > 0 } session ? new ShowVisitor(session, list) : null;
        return look is not null && await desk.RunAsync(look, Http.RequestAborted) is Outcome<Visitor>.Done(var visitor) && visitor.May(right);
    }

    /// <summary>What a form of this visit has to bring back.</summary>
    public string FormToken => antiforgery.GetAndStoreTokens(Http).RequestToken!;

    /// <summary>What the last act came to, once.</summary>
    public string? TakeNote()
    {
        if (Http.Request.Cookies[NoteCookie] is not { Length: > 0 } note)
        {
            return null;
        }

        Http.Response.Cookies.Delete(NoteCookie, NoteOptions());
        return Uri.UnescapeDataString(note);
    }

    /// <summary>Says on the next page what was done, and goes there.</summary>
    public IResult Go(string path, string? note = null)
    {
        if (note is not null)
        {
            Http.Response.Cookies.Append(NoteCookie, Uri.EscapeDataString(note), NoteOptions());
        }

        return new SeeOther(LocalPath.Of(path));
    }

    private CookieOptions NoteOptions() => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsSecure, Path = "/", MaxAge = TimeSpan.FromMinutes(1) };

    /// <summary>After an act, the page is asked for anew: a reload does nothing twice.</summary>
    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}

/// <summary>Addresses to go back to, that came from outside.</summary>
internal static class LocalPath
{
    /// <summary>The path when it stays on this site, or else the first page (SEC-30).</summary>
    public static string Of(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && path.All(c => c is > ' ' and <= '~') && !path.Contains('\\', StringComparison.Ordinal) ? path : "/";
}
