using ListServer.Lists.Membership;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.People;

/// <summary>Where somebody comes from, for the list of their sessions.</summary>
/// <param name="Client">The IP address.</param>
/// <param name="Agent">How the browser names itself; may be empty.</param>
public sealed record Browser(string Client, string Agent);

/// <summary>An open session.</summary>
/// <param name="Token">What the browser brings from now on; kept nowhere else.</param>
/// <param name="Address">Who it is.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record OpenSession(string Token, string Address, DateTimeOffset ExpiresAt)
{
    private const int MostAgent = 200;

    /// <summary>How long a session lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    internal static (OpenSession Session, SessionOpened Change) Begin(AdminContext context, string address, Browser browser)
    {
        var token = ConfirmationToken.New();
        var now = context.Time.GetUtcNow();
        var agent = string.Concat(browser.Agent.Where(c => !char.IsControl(c)).Take(MostAgent));
        return (
            new OpenSession(token, address, now + Lifetime),
            new SessionOpened(new Session(ConfirmationToken.Hash(token), address, now, now + Lifetime, browser.Client, agent)));
    }
}

/// <summary>Whom a link signs in.</summary>
/// <param name="Address">Empty for the first admin, who has to say so.</param>
public sealed record LinkView(string Address);

/// <summary>Shows what a link is for; uses nothing up: scanners of mail follow GETs (SEC-27).</summary>
/// <param name="Token">The token in the link.</param>
public sealed record ShowLink(string Token) : Query<LinkView>
{
    /// <inheritdoc/>
    protected override Outcome<LinkView> Look(AdminContext context) =>
        context.Store.FindSignInLink(ConfirmationToken.Hash(Token)) is { } link ? new LinkView(link.Address) : Unknown;

    internal static RefusedUseCase Unknown => RefusedUseCase.NotFound("This link was used already, or is too old. Ask for a new one.");
}

/// <summary>Opens a session by a link; the link works once.</summary>
/// <param name="Token">The token in the link.</param>
/// <param name="Browser">Where it was opened.</param>
public sealed record SignInByLink(string Token, Browser Browser) : UseCase<OpenSession>
{
    /// <inheritdoc/>
    public override async Task<Outcome<OpenSession>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var hash = ConfirmationToken.Hash(Token);
        if (context.Store.FindSignInLink(hash) is not { Address: { Length: > 0 } address } || !Known.MaySignIn(context.Store, address))
        {
            return ShowLink.Unknown;
        }

        var (session, opened) = OpenSession.Begin(context, address, Browser);
        await (context with { Actor = address }).CommitAsync([new SignInLinkUsed(hash), opened], cancellationToken);
        return session;
    }
}
