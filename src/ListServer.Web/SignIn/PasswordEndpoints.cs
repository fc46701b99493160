using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.SignIn;

/// <summary>Signing in by a password together with a code, and one's own password.</summary>
internal static class PasswordEndpoints
{
    public static void MapPasswords(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/password", (string? to, Visit visit) => Answers.Page<PasswordSignInPage>(new { To = LocalPath.Of(to) })).Needs(Right.Public);
        routes.MapPost("/sign-in/password", SignInAsync).Needs(Right.Public);
        routes.MapGet("/account/password", (Visit visit) => ShowAsync(visit, SetPassword.NewSecret())).Needs(Right.SignedIn).NeedsFreshSignIn("/account/password");
        routes.MapPost("/account/password", SetAsync).Needs(Right.SignedIn).NeedsFreshSignIn("/account/password");
        routes.MapPost("/account/password/remove", (Visit visit) => visit.ShowAsync(
            new RemovePassword(visit.Visitor!.Address), _ => visit.Go("/account", visit.Words.Say("Your password is gone. Links and passkeys sign you in.")))).Needs(Right.SignedIn);
    }

    private static async Task<IResult> SignInAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (address, to) = (form["address"].ToString().Trim(), LocalPath.Of(form["to"]));
        var signIn = new SignInByPassword(address, form["password"].ToString(), form["code"].ToString(), visit.Browser);
        if (await visit.Desk.RunAsync(signIn, visit.Http.RequestAborted) is not Outcome<OpenSession>.Done(var session))
        {
            return Answers.Page<PasswordSignInPage>(new { To = to, Address = address, IsWrong = true }, StatusCodes.Status400BadRequest);
        }

        return await SessionCookie.EnterAsync(visit, session, to);
    }

    private static async Task<IResult> SetAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var secret = form["secret"].ToString();
        var set = new SetPassword(visit.Visitor!.Address, form["password"].ToString(), secret, form["code"].ToString(), visit.Visitor.Session);
        return await visit.Desk.RunAsync(set, visit.Http.RequestAborted) switch
        {
            Outcome<RecoveryCodes>.Done(var written) => Answers.Page<RecoveryCodesPage>(new { written.Codes }),
            Outcome<RecoveryCodes>.Refused(_, var message) => await ShowAsync(visit, SetPassword.IsSecret(secret) ? secret : SetPassword.NewSecret(), message),
            _ => Results.Empty,
        };
    }

    private static Task<IResult> ShowAsync(Visit visit, string secret, string? problem = null) => visit.ShowAsync(
        new ShowPassword(visit.Visitor!.Address),
        present => Answers.Page<PasswordPage>(new { Present = present, Secret = secret, Problem = problem }, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest));
}
