namespace ListServer.Lists.Notices;

/// <summary>The notices there are. The file of each is its name in lower case with hyphens: confirm-join.liquid.</summary>
public enum NoticeKind
{
    /// <summary>Do you want to join?</summary>
    ConfirmJoin,

    /// <summary>Do you want to leave?</summary>
    ConfirmLeave,

    /// <summary>You are a member now.</summary>
    Welcome,

    /// <summary>You are no longer a member.</summary>
    Goodbye,

    /// <summary>How to use the list by mail.</summary>
    Help,

    /// <summary>What became of the commands in a mail.</summary>
    CommandResults,

    /// <summary>A moderator did not let a post through.</summary>
    PostRejected,

    /// <summary>To the author: a post waits for a moderator.</summary>
    PostHeld,

    /// <summary>To those who run the list: a post waits for them.</summary>
    HeldPost,

    /// <summary>To those who run the list: several posts wait for them.</summary>
    HeldPosts,

    /// <summary>To the owners: what happened to the list.</summary>
    OwnerNews,

    /// <summary>To a suspended member: copies came back; does this arrive?</summary>
    Probe,

    /// <summary>To the owners: an announcement has stopped by itself.</summary>
    AnnouncementStopped,

    /// <summary>What stands before the posts of a digest.</summary>
    Digest,

    /// <summary>What was posted on a day.</summary>
    Summary,

    /// <summary>You reported the list's mail; you get no more of it.</summary>
    Complained,

    /// <summary>A link to sign in by.</summary>
    SignIn,

    /// <summary>Do you want to receive the list otherwise?</summary>
    ConfirmSet,

    /// <summary>Shall the subscription move to another address?</summary>
    ConfirmMove,

    /// <summary>You are invited to join; do you want to?</summary>
    Invite,

    /// <summary>Your wish to join waits for a moderator.</summary>
    JoinWaits,

    /// <summary>To those who run the list: somebody wants to join.</summary>
    JoinRequested,

    /// <summary>A moderator did not let you join.</summary>
    JoinRefused,

    /// <summary>To those who run the list: a webhook took nothing for long, and is told nothing any more.</summary>
    WebhookDisabled,

    /// <summary>A draft for a domain's users, sent by a person: its DMARC policy becomes stricter (AUTH-84, 利用者への周知).</summary>
    StricterPolicy,
}

/// <summary>Names of notices.</summary>
public static class NoticeName
{
    /// <summary>All names, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<NoticeKind>().Select(Of).Order(StringComparer.Ordinal)];

    /// <summary>The notice of that name, or null.</summary>
    public static NoticeKind? Find(string name) => All.Contains(name) ? Enum.GetValues<NoticeKind>().First(kind => Of(kind) == name) : null;

    /// <summary>The file name without its ending.</summary>
    public static string Of(NoticeKind kind) => kind switch
    {
        NoticeKind.ConfirmJoin => "confirm-join",
        NoticeKind.ConfirmLeave => "confirm-leave",
        NoticeKind.Welcome => "welcome",
        NoticeKind.Goodbye => "goodbye",
        NoticeKind.Help => "help",
        NoticeKind.CommandResults => "command-results",
        NoticeKind.PostRejected => "post-rejected",
        NoticeKind.PostHeld => "post-held",
        NoticeKind.HeldPost => "held-post",
        NoticeKind.HeldPosts => "held-posts",
        NoticeKind.OwnerNews => "owner-news",
        NoticeKind.Probe => "probe",
        NoticeKind.AnnouncementStopped => "announcement-stopped",
        NoticeKind.Digest => "digest",
        NoticeKind.Summary => "summary",
        NoticeKind.Complained => "complained",
        NoticeKind.SignIn => "sign-in",
        NoticeKind.ConfirmSet => "confirm-set",
        NoticeKind.ConfirmMove => "confirm-move",
        NoticeKind.Invite => "invite",
        NoticeKind.JoinWaits => "join-waits",
        NoticeKind.JoinRequested => "join-requested",
        NoticeKind.JoinRefused => "join-refused",
        NoticeKind.WebhookDisabled => "webhook-disabled",
        NoticeKind.StricterPolicy => "stricter-policy",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such notice."),
    };
}
