using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.People;

/// <summary>What somebody is written who wants to sign in.</summary>
/// <param name="To">Whom.</param>
/// <param name="Token">What the link brings.</param>
/// <param name="Language">en or ja.</param>
/// <param name="From">A list of theirs, whose domain signs the letter best; null for none.</param>
/// <param name="ReturnTo">The page that was asked for, from the first slash on.</param>
public sealed record SignInLetter(string To, string Token, string Language, MailingList? From, string ReturnTo);

/// <summary>What everybody hears who asked for a link: nobody learns who is known here (SEC-25).</summary>
public sealed record LinkAsked;

/// <summary>Writes a link to an address that is known here; whoever opens it reads that address's mail.</summary>
/// <param name="Address">Who wants to sign in.</param>
/// <param name="Client">The IP address that it comes from.</param>
/// <param name="Language">en or ja.</param>
/// <param name="ReturnTo">The page that was asked for, from the first slash on.</param>
public sealed record AskForLink(string Address, string Client, string Language, string ReturnTo = "/") : UseCase<LinkAsked>
{
    /// <summary>How long a link opens a session.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public override async Task<Outcome<LinkAsked>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!MemberAddress.TryParse(Address, out var address, out var error))
        {
            return RefusedUseCase.Invalid(error!);
        }

        if (context.SignIns.TryTakeLetter(address!, Client) && Known.MaySignIn(context.Store, address!) && context.SendSignIn is { } send)
        {
            var token = ConfirmationToken.New();
            var from = context.Store.Lists.FirstOrDefault(list => context.Store.FindMember(list.Address, address!) is not null);
            await context.CommitAsync(new SignInLinkMade(new SignInLink(ConfirmationToken.Hash(token), address!, context.Time.GetUtcNow() + Lifetime)), cancellationToken);
            await send(new SignInLetter(address!, token, Language, from, ReturnTo), cancellationToken);
        }

        return new LinkAsked();
    }
}
