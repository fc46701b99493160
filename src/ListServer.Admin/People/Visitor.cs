using System.Collections.Immutable;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.People;

namespace ListServer.Admin.People;

/// <summary>What an endpoint or an act asks of whoever wants it.</summary>
public enum Right
{
    /// <summary>Nothing: for everybody.</summary>
    Public,

    /// <summary>To have signed in.</summary>
    SignedIn,

    /// <summary>To decide about a list's held posts.</summary>
    Moderate,

    /// <summary>To run a list.</summary>
    Own,

    /// <summary>To run at least one domain: lists may be made there.</summary>
    RunDomain,

    /// <summary>To run the server.</summary>
    RunServer,
}

/// <summary>Somebody who has signed in, as of now.</summary>
/// <param name="Address">The address that proves who it is.</param>
/// <param name="Name">As people are shown it; may be empty.</param>
/// <param name="Session">The hash of the session.</param>
/// <param name="RunsServer">True for who may do everything.</param>
/// <param name="Domains">Domains in this person's care.</param>
/// <param name="List">The list that was asked about; null for none, or one that is not here.</param>
/// <param name="OnList">What the person is on that list; null for nothing.</param>
public sealed record Visitor(
    string Address, string Name, string Session, bool RunsServer, ImmutableArray<string> Domains, MailingList? List = null, MemberRole? OnList = null)
{
    /// <summary>True for who signed in a moment ago: only they make new ways into an account, so that a session that somebody else got hold of is not made to last.</summary>
    public bool IsFresh { get; init; }

    /// <summary>What a token leaves of the rights; null for who came with a session.</summary>
    public TokenGrant? Grant { get; init; }

    /// <summary>True for who runs the list's domain, or the server.</summary>
    public bool RunsDomain(string domain) => RunsServer || Domains.Contains(domain, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the person may do that, on the list that was asked about where it is one for lists (SEC-29).</summary>
    public bool May(Right right) => Grant?.Reaches(right, List) != false && right switch
    {
        Right.Public or Right.SignedIn => true,
        Right.Moderate => List is not null && (RunsDomain(List.Domain) || OnList is MemberRole.Moderator or MemberRole.Owner),
        Right.Own => List is not null && (RunsDomain(List.Domain) || OnList is MemberRole.Owner),
        Right.RunDomain => RunsServer || !Domains.IsEmpty,
        _ => RunsServer,
    };
}

/// <summary>Who brings this session's token, and what they are on a list.</summary>
/// <param name="Token">As the browser brings it.</param>
/// <param name="List">The posting address; null for none.</param>
public sealed record ShowVisitor(string Token, string? List = null) : Query<Visitor>
{
    private static readonly TimeSpan Moment = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    protected override Outcome<Visitor> Look(AdminContext context)
    {
        var session = context.Store.FindSession(ConfirmationToken.Hash(Token));
        var user = session is null ? null : context.Store.FindUser(session.Address);
        if (session is null || user is { IsDisabled: true })
        {
            return RefusedUseCase.NotFound("The session is over. Please sign in again.");
        }

        return Of(context.Store, session.Address, session.Hash, user, List) with { IsFresh = context.Time.GetUtcNow() <= session.OpenedAt + Moment };
    }

    internal static Visitor Of(ListStore store, string address, string session, User? user, string? asked)
    {
        var list = asked is null ? null : store.FindList(asked);
        return new Visitor(
            address,
            user?.Name ?? "",
            session,
            user?.RunsServer ?? false,
            user?.Domains ?? [],
            list,
            list is null ? null : store.FindMember(list.Address, address)?.Role);
    }
}

/// <summary>Who may sign in.</summary>
internal static class Known
{
    /// <summary>A user who is not shut out, or whoever is on a list.</summary>
    public static bool MaySignIn(ListStore store, string address) => store.FindUser(address) is { } user
        ? !user.IsDisabled
        : store.Lists.Any(list => store.FindMember(list.Address, address) is not null);
}
