using ListServer.Lists.Membership;

namespace ListServer.Store;

/// <summary>What a confirmation does when it comes back.</summary>
public enum ConfirmationKind
{
    /// <summary>The address becomes a member.</summary>
    Join,

    /// <summary>The address stops being a member.</summary>
    Leave,

    /// <summary>The address receives the list otherwise.</summary>
    Set,

    /// <summary>The subscription moves from one address to another, once both have agreed.</summary>
    Move,

    /// <summary>The address, which was invited, becomes a member.</summary>
    Invite,

    /// <summary>A moderator accepts a held post.</summary>
    AcceptPost,

    /// <summary>A moderator rejects a held post.</summary>
    RejectPost,

    /// <summary>A moderator discards a held post.</summary>
    DiscardPost,

    /// <summary>A moderator lets somebody join who waits for it.</summary>
    AcceptJoin,

    /// <summary>A moderator does not let somebody join who waits for it.</summary>
    RefuseJoin,

    /// <summary>A moderator bans somebody who waits to join.</summary>
    BanJoin,
}

/// <summary>A subscription on its way to another address: both are asked, and what the second answers moves it.</summary>
/// <param name="From">The member's address.</param>
/// <param name="To">The address that is to take its place.</param>
/// <param name="OtherHash">The hash of the other address's token: gone once that has agreed.</param>
public sealed record AddressMove(string From, string To, string OtherHash);

/// <summary>A request to join that a moderator is asked about.</summary>
/// <param name="Address">Who wants to join.</param>
/// <param name="RequestedAt">Since when: a later request of the same address is another.</param>
public sealed record JoinAsked(string Address, DateTimeOffset RequestedAt);

/// <summary>A question that waits for its answer. Only the token's hash is kept (SEC-28).</summary>
/// <param name="TokenHash">The hash of what the answer must bring.</param>
/// <param name="Kind">What the answer does.</param>
/// <param name="List">The list's posting address.</param>
/// <param name="Address">Who was asked.</param>
/// <param name="ExpiresAt">From then on the answer does nothing.</param>
/// <param name="PostId">The held post in question, or null.</param>
/// <param name="Evidence">Who asked for it, from where and when, in words: a part of the evidence of consent (AUTH-83).</param>
/// <param name="Wording">What the address was asked, without the token; empty for what is no question of joining.</param>
/// <param name="Preferences">How the address wants to receive the list; null for what is no question of that.</param>
/// <param name="Move">The move that is asked about; null for what is no question of that.</param>
/// <param name="Join">The request that a moderator is asked about; null for what is no question of that.</param>
public sealed record Confirmation(
    string TokenHash, ConfirmationKind Kind, string List, string Address, DateTimeOffset ExpiresAt, string? PostId = null, string Evidence = "", string Wording = "", Preferences? Preferences = null, AddressMove? Move = null,
    JoinAsked? Join = null);
