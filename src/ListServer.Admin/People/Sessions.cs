using ListServer.Store.Changes;

namespace ListServer.Admin.People;

/// <summary>An open session, as its owner sees it.</summary>
/// <param name="Hash">Names it; opens nothing.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="Client">The IP address that it was opened from.</param>
/// <param name="Agent">How the browser named itself; may be empty.</param>
public sealed record SessionAnswer(string Hash, DateTimeOffset OpenedAt, DateTimeOffset ExpiresAt, string Client, string Agent);

/// <summary>The open sessions of an address, the newest first.</summary>
/// <param name="Address">Whose.</param>
public sealed record BrowseSessions(string Address) : Query<IReadOnlyList<SessionAnswer>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<SessionAnswer>> Look(AdminContext context) => Outcome.Done<IReadOnlyList<SessionAnswer>>(
        [.. context.Store.Sessions(Address).Select(s => new SessionAnswer(s.Hash, s.OpenedAt, s.ExpiresAt, s.Client, s.Agent))]);
}

/// <summary>Ends sessions of an address.</summary>
/// <param name="Address">Whose.</param>
/// <param name="Hash">Which; null for all.</param>
public sealed record CloseSessions(string Address, string? Hash = null) : UseCase<int>
{
    /// <inheritdoc/>
    public override async Task<Outcome<int>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var closed = context.Store.Sessions(Address).Where(session => Hash is null || session.Hash == Hash).Select(session => session.Hash).ToList();
        if (closed.Count > 0)
        {
            await context.CommitAsync(new SessionsClosed([.. closed]), cancellationToken);
        }

        return closed.Count;
    }
}
