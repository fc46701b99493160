using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.SignIn;

/// <summary>Signing in by a link that comes by mail, and out.</summary>
internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (Visit visit) => visit.Visitor is null ? Answers.Page<HomePage>() : visit.Go("/lists")).Needs(Right.Public);
        routes.MapGet("/sign-in", (string? to, Visit visit) =>
            visit.Visitor is null ? Answers.Page<SignInPage>(new { To = LocalPath.Of(to) }) : visit.Go(LocalPath.Of(to))).Needs(Right.Public);
        routes.MapGet("/sign-in/again", (string? to, Visit visit) =>
            Answers.Page<SignInPage>(new { To = LocalPath.Of(to), visit.Visitor!.Address, IsAgain = true })).Needs(Right.SignedIn);
        routes.MapPost("/sign-in", AskAsync).Needs(Right.Public);
        routes.MapGet("/in/{token}", ShowAsync).Needs(Right.Public);
        routes.MapPost("/in/{token}", OpenAsync).Needs(Right.Public);
        routes.MapPost("/sign-out", SignOutAsync).Needs(Right.SignedIn);
    }

    private static async Task<IResult> AskAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (address, to) = (form["address"].ToString().Trim(), LocalPath.Of(form["to"]));
        return await visit.Desk.RunAsync(new AskForLink(address, visit.Client, visit.Words.Language, to), visit.Http.RequestAborted) is Outcome<LinkAsked>.Done
            ? Answers.Page<LinkSentPage>(new { Address = address })
            : Answers.Page<SignInPage>(new { To = to, Address = address, IsWrong = true }, StatusCodes.Status400BadRequest);
    }

    // Scanners of mail follow links: looking at it uses nothing up (SEC-27).
    private static async Task<IResult> ShowAsync(string token, string? to, Visit visit) =>
        await visit.Desk.RunAsync(new ShowLink(token), visit.Http.RequestAborted) is Outcome<LinkView>.Done(var link)
            ? Answers.Page<LinkPage>(new { Link = link, To = LocalPath.Of(to) })
            : Answers.Page<LinkPage>(new { Link = (LinkView?)null }, StatusCodes.Status404NotFound);

    private static async Task<IResult> OpenAsync(string token, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (address, name, to) = (form["address"].ToString().Trim(), form["name"].ToString().Trim(), LocalPath.Of(form["to"]));
        UseCase<OpenSession> signIn = address.Length > 0
            ? new BecomeFirstAdmin(token, address, name, visit.Browser)
            : new SignInByLink(token, visit.Browser);
        switch (await visit.Desk.RunAsync(signIn, visit.Http.RequestAborted))
        {
            case Outcome<OpenSession>.Done(var session):
                return await SessionCookie.EnterAsync(visit, session, to);
            case Outcome<OpenSession>.Refused(Refusal.Invalid, _):
                return Answers.Page<LinkPage>(new { Link = new LinkView(""), To = to, Address = address, Name = name, IsWrong = true }, StatusCodes.Status400BadRequest);
            default:
                return Answers.Page<LinkPage>(new { Link = (LinkView?)null }, StatusCodes.Status404NotFound);
        }
    }

    private static async Task<IResult> SignOutAsync(Visit visit)
    {
        await visit.Desk.RunAsync(new CloseSessions(visit.Visitor!.Address, visit.Visitor.Session), visit.Http.RequestAborted);
        SessionCookie.Delete(visit);
        return visit.Go("/", visit.Words.Say("You are signed out."));
    }
}
