using System.Collections.Immutable;
using ListServer.Admin.People;
using ListServer.Lists;

namespace ListServer.Admin.Tokens;

/// <summary>What a token may be used for. Each narrows what its owner may do; none adds to it.</summary>
public static class Scope
{
    /// <summary>Lists with their settings.</summary>
    public const string ListsRead = "lists:read";

    /// <summary>Making, changing and removing lists.</summary>
    public const string ListsWrite = "lists:write";

    /// <summary>Members, bans, and who waits to join.</summary>
    public const string MembersRead = "members:read";

    /// <summary>Changing these.</summary>
    public const string MembersWrite = "members:write";

    /// <summary>Held posts.</summary>
    public const string HeldRead = "held:read";

    /// <summary>Deciding about them.</summary>
    public const string HeldWrite = "held:write";

    /// <summary>Posts, what became of them, and incidents.</summary>
    public const string PostsRead = "posts:read";

    /// <summary>Closing incidents, deciding about authors.</summary>
    public const string PostsWrite = "posts:write";

    /// <summary>Announcements and how far they got.</summary>
    public const string AnnounceRead = "announce:read";

    /// <summary>Sending, pausing and stopping them.</summary>
    public const string AnnounceWrite = "announce:write";

    /// <summary>Archives.</summary>
    public const string ArchiveRead = "archive:read";

    /// <summary>Taking messages down.</summary>
    public const string ArchiveWrite = "archive:write";

    /// <summary>Webhooks and what they were told.</summary>
    public const string WebhooksRead = "webhooks:read";

    /// <summary>Adding, trying and removing webhooks.</summary>
    public const string WebhooksWrite = "webhooks:write";

    /// <summary>Domains, keys, the queue, people, who changed what.</summary>
    public const string ServerRead = "server:read";

    /// <summary>Changing these.</summary>
    public const string ServerWrite = "server:write";

    /// <summary>All of them, in the order in which people are shown them.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        ListsRead, ListsWrite, MembersRead, MembersWrite, HeldRead, HeldWrite, PostsRead, PostsWrite, AnnounceRead, AnnounceWrite, ArchiveRead, ArchiveWrite, WebhooksRead, WebhooksWrite, ServerRead, ServerWrite,
    ];

    /// <summary>True for one that only who runs the server can use.</summary>
    public static bool IsForServer(string scope) => scope is ServerRead or ServerWrite;
}

/// <summary>What a token leaves of its owner's rights.</summary>
/// <param name="Id">The token's.</param>
/// <param name="Hash">The token's, under which it is kept.</param>
/// <param name="Scopes">See <see cref="Scope"/>.</param>
/// <param name="Lists">The posting addresses it is for; empty for all.</param>
/// <param name="ExpiresAt">Until when.</param>
public sealed record TokenGrant(string Id, string Hash, ImmutableArray<string> Scopes, ImmutableArray<string> Lists, DateTimeOffset ExpiresAt)
{
    /// <summary>True for a list that the token is for.</summary>
    public bool Covers(string list) => Lists.IsEmpty || Lists.Contains(list, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a right of the owner's is within the token: one for certain lists does nothing beyond them.</summary>
    public bool Reaches(Right right, MailingList? list) => right switch
    {
        Right.Public or Right.SignedIn => true,
        Right.Moderate or Right.Own => list is not null && Covers(list.Address),
        _ => Lists.IsEmpty,
    };
}
