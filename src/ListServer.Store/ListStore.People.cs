using ListServer.Store.People;
using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>All users, by address.</summary>
    public IReadOnlyList<User> Users() => Read<User>(_table.Walk(KeyRange.Of(TableKey.Users)));

    /// <summary>The user of that address, or null.</summary>
    public User? FindUser(string address) => Find<User>(TableKey.User(address));

    /// <summary>The open session of that hash, or null.</summary>
    public Session? FindSession(string hash) => Find<Session>(TableKey.Session(hash)) is { } session && session.ExpiresAt > _time.GetUtcNow() ? session : null;

    /// <summary>The open sessions of an address, the newest first.</summary>
    public IReadOnlyList<Session> Sessions(string address) =>
        [.. Read<Session>(_table.Walk(KeyRange.Of(TableKey.Sessions)))
            .Where(s => s.ExpiresAt > _time.GetUtcNow() && s.Address.Equals(address, StringComparison.OrdinalIgnoreCase)).OrderByDescending(s => s.OpenedAt)];

    /// <summary>The link of that hash that still opens a session, or null.</summary>
    public SignInLink? FindSignInLink(string hash) => Find<SignInLink>(TableKey.SignInLink(hash)) is { } link && link.ExpiresAt > _time.GetUtcNow() ? link : null;

    /// <summary>Who changed what, the newest first.</summary>
    /// <param name="about">To one thing, or null for all.</param>
    /// <param name="before">The identifier of the last entry of the page before, or null for the first page.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<AuditEntry> Audit(string? about, string? before, int limit) =>
        [.. Down(TableKey.AuditEntries, before).Select(Decode<AuditEntry>).OfType<AuditEntry>()
            .Where(e => about is null || e.About.Equals(about, StringComparison.OrdinalIgnoreCase)).Take(limit)];
}
