using System.Text.Json.Nodes;
using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.SignIn;

/// <summary>Signing in by a passkey, and one's own passkeys.</summary>
internal static class PasskeyEndpoints
{
    private const string ForSigningIn = "sign-in";
    private const int LongestCredential = 32_768;

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/passkey/options", BeginSignInAsync).Needs(Right.Public);
        routes.MapPost("/sign-in/passkey", SignInAsync).Needs(Right.Public);
        routes.MapPost("/account/passkeys/options", BeginAddAsync).Needs(Right.SignedIn).NeedsFreshSignIn("/account");
        routes.MapPost("/account/passkeys", AddAsync).Needs(Right.SignedIn).NeedsFreshSignIn("/account");
        routes.MapPost("/account/passkeys/{id}", RenameAsync).Needs(Right.SignedIn);
        routes.MapPost("/account/passkeys/{id}/remove", (string id, Visit visit) => visit.ShowAsync(
            new RemovePasskey(visit.Visitor!.Address, id), passkey => visit.Go("/account", visit.Words.Say("“{0}” signs you in no more.", passkey.Name)))).Needs(Right.SignedIn);
    }

    private static async Task<IResult> BeginSignInAsync(Visit visit, IPasskeyHandler<PasskeyOwner> handler, PasskeyChallenges challenges)
    {
        // Nobody says who they are before the device does: the answer is the same for everybody (SEC-25).
        var made = await handler.MakeRequestOptionsAsync(null, visit.Http);
        return Asked(challenges.Keep(ForSigningIn, made.AssertionState!, visit.Client), made.RequestOptionsJson);
    }

    private static async Task<IResult> SignInAsync(Visit visit, IPasskeyHandler<PasskeyOwner> handler, PasskeyChallenges challenges)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (credential, to) = (form["credential"].ToString(), LocalPath.Of(form["to"]));
        var state = challenges.Take(form["challenge"].ToString(), ForSigningIn);
        var verified = state is null || credential.Length > LongestCredential
            ? null
            : await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = visit.Http, CredentialJson = credential, AssertionState = state });
        if (verified is not { Succeeded: true })
        {
            return Failed(to, visit.Words.Say("This passkey is not known here, or answered too late. Try again, or have a link sent."));
        }

        switch (await visit.Desk.RunAsync(new SignInByPasskey(verified.User.Handle, PasskeyBook.Key(verified.Passkey), visit.Browser), visit.Http.RequestAborted))
        {
            case Outcome<OpenSession>.Done(var session):
                return await SessionCookie.EnterAsync(visit, session, to);
            case Outcome<OpenSession>.Refused(Refusal.NotAllowed, _):
                return Failed(to, visit.Words.Say("This passkey was copied, or used twice at once. Sign in by a link, remove it, and add a new one."));
            default:
                return Failed(to, visit.Words.Say("This passkey is not known here, or answered too late. Try again, or have a link sent."));
        }
    }

    private static async Task<IResult> BeginAddAsync(Visit visit, IPasskeyHandler<PasskeyOwner> handler, PasskeyChallenges challenges)
    {
        var visitor = visit.Visitor!;
        return await visit.ShowAsync(new BrowsePasskeys(visitor.Address), async owner =>
        {
            var entity = new PasskeyUserEntity { Id = owner.Handle, Name = visitor.Address, DisplayName = visitor.Name.Length > 0 ? visitor.Name : visitor.Address };
            var made = await handler.MakeCreationOptionsAsync(entity, visit.Http);
            return Asked(challenges.Keep(visitor.Session, made.AttestationState!, visit.Client), made.CreationOptionsJson);
        });
    }

    private static async Task<IResult> AddAsync(Visit visit, IPasskeyHandler<PasskeyOwner> handler, PasskeyChallenges challenges)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var credential = form["credential"].ToString();
        var state = challenges.Take(form["challenge"].ToString(), visit.Visitor!.Session);
        var verified = state is null || credential.Length > LongestCredential
            ? null
            : await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = visit.Http, CredentialJson = credential, AttestationState = state });
        if (verified is not { Succeeded: true })
        {
            return await AccountEndpoints.ShowAsync(visit, visit.Words.Say("The device's answer came too late, or was not for this site. Try again."));
        }

        return await visit.Desk.RunAsync(new SavePasskey(visit.Visitor.Address, form["name"].ToString(), PasskeyBook.Key(verified.Passkey)), visit.Http.RequestAborted) switch
        {
            Outcome<PasskeyAnswer>.Done(var passkey) => visit.Go("/account", visit.Words.Say("“{0}” signs you in from now on.", passkey.Name)),
            Outcome<PasskeyAnswer>.Refused(_, var message) => await AccountEndpoints.ShowAsync(visit, message),
            _ => Results.Empty,
        };
    }

    private static async Task<IResult> RenameAsync(string id, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        return await visit.Desk.RunAsync(new RenamePasskey(visit.Visitor!.Address, id, form["name"].ToString()), visit.Http.RequestAborted) switch
        {
            Outcome<PasskeyAnswer>.Done => visit.Go("/account"),
            Outcome<PasskeyAnswer>.Refused(Refusal.Invalid, var message) => await AccountEndpoints.ShowAsync(visit, message),
            Outcome<PasskeyAnswer>.Refused(var kind, var message) => visit.Refuse(kind, message),
            _ => Results.Empty,
        };
    }

    private static IResult Failed(string to, string problem) =>
        Answers.Page<SignInPage>(new { To = to, Problem = problem }, StatusCodes.Status400BadRequest);

    private static IResult Asked(string? challenge, string options) => challenge is null
        ? Results.StatusCode(StatusCodes.Status429TooManyRequests)
        : Results.Text(new JsonObject { ["challenge"] = challenge, ["options"] = JsonNode.Parse(options) }.ToJsonString(), "application/json");
}
