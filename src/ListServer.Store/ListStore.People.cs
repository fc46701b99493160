using System.Security.Cryptography;
using System.Text;
using ListServer.Store.People;
using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    private const int HandleOctets = 16;

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

    /// <summary>
    /// What a device is told of whose passkey it keeps. It tells nobody the address; the same address always has the same one.
    /// </summary>
    public string PasskeyHandle(string address) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Secret.Span, Encoding.UTF8.GetBytes("passkey " + TableKey.Fold(address))).AsSpan(0, HandleOctets));

    /// <summary>Somebody's passkeys.</summary>
    /// <param name="handle">See <see cref="PasskeyHandle"/>.</param>
    public IReadOnlyList<Passkey> Passkeys(string handle) => Read<Passkey>(_table.Walk(KeyRange.Of(TableKey.Passkeys(handle))));

    /// <summary>Somebody's passkey of that credential, or null.</summary>
    public Passkey? FindPasskey(string handle, string id) => Find<Passkey>(TableKey.Passkey(handle, id));

    /// <summary>The passkey of that credential, whosever it is, or null.</summary>
    public Passkey? FindPasskey(string id) => Read<Passkey>(_table.Walk(KeyRange.Of(TableKey.AllPasskeys))).FirstOrDefault(passkey => passkey.Id == id);

    /// <summary>The password that signs that address in together with a code, or null.</summary>
    public PasswordAndCode? FindPassword(string address) => Find<PasswordAndCode>(TableKey.Password(address));
    /// <summary>The token of the API of that hash, or null; one that is over counts for nothing.</summary>
    public ApiToken? FindApiToken(string hash) => Find<ApiToken>(TableKey.ApiToken(hash)) is { } token && token.ExpiresAt > _time.GetUtcNow() ? token : null;

    /// <summary>All tokens of the API, the newest first; those that are over lately, too.</summary>
    public IReadOnlyList<ApiToken> ApiTokens() =>
        [.. Read<ApiToken>(_table.Walk(KeyRange.Of(TableKey.ApiTokens))).OrderByDescending(token => token.Id, StringComparer.Ordinal)];

    /// <summary>What was asked for under that name within the last day, or null.</summary>
    public Repeat? FindRepeat(string name) => Find<Repeat>(TableKey.Repeat(name)) is { } repeat && repeat.At > _time.GetUtcNow() - Repeat.Memory ? repeat : null;

    /// <summary>Who changed what, the newest first.</summary>
    /// <param name="about">To one thing, or null for all.</param>
    /// <param name="before">The identifier of the last entry of the page before, or null for the first page.</param>
    /// <param name="limit">How many at the most.</param>
    public IReadOnlyList<AuditEntry> Audit(string? about, string? before, int limit) =>
        [.. Down(TableKey.AuditEntries, before).Select(Decode<AuditEntry>).OfType<AuditEntry>()
            .Where(e => about is null || e.About.Equals(about, StringComparison.OrdinalIgnoreCase)).Take(limit)];
}
