using ListServer.Lists.Membership;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.People;

/// <summary>A link for somebody.</summary>
/// <param name="Token">What the link brings.</param>
/// <param name="ExpiresAt">Until when it opens a session.</param>
/// <param name="Url">The whole link; null when no pages are reachable.</param>
public sealed record MadeLink(string Token, DateTimeOffset ExpiresAt, Uri? Url)
{
    internal static MadeLink Of(string token, DateTimeOffset expiresAt, AdminContext context) =>
        new(token, expiresAt, context.WebAddress() is { } web ? new Uri($"{web.ToString().TrimEnd('/')}/in/{token}") : null);
}

/// <summary>Makes the link by which the first admin comes in; refused once there is one.</summary>
public sealed record MakeFirstLink : UseCase<MadeLink>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public override async Task<Outcome<MadeLink>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.Users().Any(user => user is { RunsServer: true, IsDisabled: false }))
        {
            return RefusedUseCase.Conflict("Somebody runs this server already. 'listserver user link ADDRESS' makes a link for a user.");
        }

        var (token, expires) = (ConfirmationToken.New(), context.Time.GetUtcNow() + Lifetime);
        await context.CommitAsync(new SignInLinkMade(new SignInLink(ConfirmationToken.Hash(token), "", expires)), cancellationToken);
        return MadeLink.Of(token, expires, context);
    }
}

/// <summary>Makes somebody the first admin, by the link that was printed where the server runs, and signs them in.</summary>
/// <param name="Token">The token in the link.</param>
/// <param name="Address">Who it is.</param>
/// <param name="Name">As people are shown it; may be empty.</param>
/// <param name="Browser">Where it was opened.</param>
public sealed record BecomeFirstAdmin(string Token, string Address, string Name, Browser Browser) : UseCase<OpenSession>
{
    /// <inheritdoc/>
    public override async Task<Outcome<OpenSession>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var hash = ConfirmationToken.Hash(Token);
        if (context.Store.FindSignInLink(hash) is not { Address: "" } || context.Store.Users().Any(user => user is { RunsServer: true, IsDisabled: false }))
        {
            return ShowLink.Unknown;
        }

        if (!MemberAddress.TryParse(Address, out var address, out var error) || (error = SaveUser.ProblemWithName(Name)) is not null)
        {
            return RefusedUseCase.Invalid(error!);
        }

        var (session, opened) = OpenSession.Begin(context, address!, Browser);
        var user = new User(address!, Name.Trim(), context.Time.GetUtcNow()) { RunsServer = true };
        await (context with { Actor = address! }).CommitAsync([new SignInLinkUsed(hash), new UserSaved(user), opened], cancellationToken);
        return session;
    }
}

/// <summary>Makes a link for a user, for whoever sits where the server runs: a way in when no mail gets through.</summary>
/// <param name="Address">The user, or anybody who is on a list.</param>
public sealed record MakeLink(string Address) : UseCase<MadeLink>
{
    /// <inheritdoc/>
    public override async Task<Outcome<MadeLink>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!MemberAddress.TryParse(Address, out var address, out var error))
        {
            return RefusedUseCase.Invalid(error!);
        }

        if (!Known.MaySignIn(context.Store, address!))
        {
            return RefusedUseCase.NotFound($"{address} is no user, and on no list. 'listserver user add' makes a user.");
        }

        var (token, expires) = (ConfirmationToken.New(), context.Time.GetUtcNow() + AskForLink.Lifetime);
        await context.CommitAsync(new SignInLinkMade(new SignInLink(ConfirmationToken.Hash(token), address!, expires)), cancellationToken);
        return MadeLink.Of(token, expires, context);
    }
}
