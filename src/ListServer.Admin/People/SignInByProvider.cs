using ListServer.Lists.Membership;

namespace ListServer.Admin.People;

/// <summary>Opens a session for an address that an identity provider has verified. Who is not known here hears no more than that (SEC-25).</summary>
/// <param name="Address">The address that the provider vouches for.</param>
/// <param name="Browser">Where it was opened.</param>
public sealed record SignInByProvider(string Address, Browser Browser) : UseCase<OpenSession>
{
    /// <inheritdoc/>
    public override async Task<Outcome<OpenSession>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!MemberAddress.TryParse(Address, out var address, out _) || !Known.MaySignIn(context.Store, address!))
        {
            return RefusedUseCase.NotAllowed("This address is not known here.");
        }

        var (session, opened) = OpenSession.Begin(context, address!, Browser);
        await (context with { Actor = address! }).CommitAsync(opened, cancellationToken);
        return session;
    }
}
