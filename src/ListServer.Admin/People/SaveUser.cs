using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.People;

/// <summary>Somebody who runs the server or domains of it.</summary>
/// <param name="Address">The address that proves who it is.</param>
/// <param name="Name">May be empty.</param>
/// <param name="RunsServer">True for who may do everything.</param>
/// <param name="Domains">Domains in this person's care.</param>
/// <param name="IsDisabled">True for who may no longer sign in.</param>
public sealed record UserAnswer(string Address, string Name, bool RunsServer, ImmutableArray<string> Domains, bool IsDisabled)
{
    internal static UserAnswer Of(User user) => new(user.Address, user.Name, user.RunsServer, user.Domains, user.IsDisabled);
}

/// <summary>Makes a user, or changes what one may do. Whoever loses a right, or is shut out, has to sign in again.</summary>
/// <param name="Address">The address that proves who it is.</param>
public sealed record SaveUser(string Address) : UseCase<UserAnswer>
{
    private const int MostName = 100;

    /// <summary>As people are shown it; null leaves it.</summary>
    public string? Name { get; init; }

    /// <summary>True for who may do everything; null leaves it.</summary>
    public bool? RunsServer { get; init; }

    /// <summary>Domains in this person's care; null leaves them.</summary>
    public ImmutableArray<string>? Domains { get; init; }

    /// <summary>True for who may no longer sign in; null leaves it.</summary>
    public bool? IsDisabled { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<UserAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (!MemberAddress.TryParse(Address, out var address, out var error) || (error = ProblemWithName(Name ?? "")) is not null)
        {
            return RefusedUseCase.Invalid(error!);
        }

        foreach (var name in Domains ?? [])
        {
            if (DomainName.Normalize(name) is not { } domain || context.Store.FindDomain(domain) is null)
            {
                return RefusedUseCase.NotFound($"The domain {name} is not here.");
            }
        }

        var present = context.Store.FindUser(address!);
        var user = Changed(present ?? new User(address!, "", context.Time.GetUtcNow()));
        if (present is { RunsServer: true, IsDisabled: false } && !(user.RunsServer && !user.IsDisabled) && IsLast(context.Store, user.Address))
        {
            return RefusedUseCase.Conflict($"{user.Address} is the only one who runs this server.");
        }

        if (!user.RunsServer && user.Domains.IsEmpty)
        {
            return RefusedUseCase.Invalid("A user runs the server, or at least one domain. Owners and moderators of lists need no entry here.");
        }

        await context.CommitAsync(Loses(present, user) ? [new UserSaved(user), SessionsOf(context, user.Address)] : [new UserSaved(user)], cancellationToken);
        return UserAnswer.Of(user);
    }

    internal static string? ProblemWithName(string name) =>
        name.Length > MostName || name.Any(char.IsControl) ? $"A name has up to {MostName} characters, on one line." : null;

    internal static bool IsLast(ListStore store, string address) =>
        !store.Users().Any(user => user is { RunsServer: true, IsDisabled: false } && !user.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    internal static SessionsClosed SessionsOf(AdminContext context, string address) => new([.. context.Store.Sessions(address).Select(session => session.Hash)]);

    private User Changed(User user) => user with
    {
        Name = Name?.Trim() ?? user.Name,
        RunsServer = RunsServer ?? user.RunsServer,
        Domains = Domains is { } domains ? [.. domains.Select(domain => DomainName.Normalize(domain)!).Distinct().Order(StringComparer.Ordinal)] : user.Domains,
        IsDisabled = IsDisabled ?? user.IsDisabled,
    };

    private static bool Loses(User? before, User after) => before is not null
        && ((before.RunsServer && !after.RunsServer) || before.Domains.Except(after.Domains).Any() || (!before.IsDisabled && after.IsDisabled));
}

/// <summary>Takes a user's rights away and ends the sessions; what the person is on lists stays.</summary>
/// <param name="Address">Who.</param>
public sealed record RemoveUser(string Address) : UseCase<UserAnswer>
{
    /// <inheritdoc/>
    public override async Task<Outcome<UserAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindUser(Address.Trim()) is not { } user)
        {
            return RefusedUseCase.NotFound($"There is no user {Address}.");
        }

        if (user is { RunsServer: true, IsDisabled: false } && SaveUser.IsLast(context.Store, user.Address))
        {
            return RefusedUseCase.Conflict($"{user.Address} is the only one who runs this server.");
        }

        await context.CommitAsync([new UserRemoved(user.Address), SaveUser.SessionsOf(context, user.Address)], cancellationToken);
        return UserAnswer.Of(user);
    }
}

/// <summary>All users, by address.</summary>
public sealed record BrowseUsers : Query<IReadOnlyList<UserAnswer>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<UserAnswer>> Look(AdminContext context) =>
        Outcome.Done<IReadOnlyList<UserAnswer>>([.. context.Store.Users().Select(UserAnswer.Of)]);
}
