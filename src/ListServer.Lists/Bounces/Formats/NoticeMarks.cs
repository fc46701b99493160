using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>How a notice is known from other mail, and a warning from a failure. Case does not matter; each is looked for anywhere in its text.</summary>
internal static class NoticeMarks
{
    /// <summary>Words of a failure, for a notice that names nobody but returns the message: its To is meant.</summary>
    public static ImmutableArray<string> Failures { get; } =
    [
        "could not be delivered", "cannot be delivered to", "couldn't be delivered", "wasn't able to deliver", "unable to deliver", "cannot be delivered", "not delivered", "undeliverable",
        "delivery failed", "delivery failure", "transcript of session follows", "host unknown", "user unknown", "no valid recipients", "returned to sender",
        "送信できませんでした", "配信できませんでした",
    ];

    /// <summary>Words of a notice that is only a warning.</summary>
    public static ImmutableArray<string> Warnings { get; } =
    [
        "warning message only", "this is a warning only", "has been delayed", "is delayed for more than", "not yet been delivered", "has been postponed", "will be retried until",
        "still being retried", "only a temporary failure", "no action is required on your part", "will continue to try to deliver", "you do not need to resend",
    ];

    /// <summary>Subjects of warnings. A notice may quote the post's own subject, so that "delayed" alone says nothing.</summary>
    public static ImmutableArray<string> WarningSubjects { get; } = ["delayed mail (", "notification (delay)", "still being retried", "delivery warning", "warning: could not send", "warning--could not send", "notification: warning"];

    /// <summary>Local parts, without dashes and dots, that are a program's.</summary>
    public static ImmutableArray<string> Daemons { get; } =
        ["mailerdaemon", "postmaster", "maildaemon", "mailadmin", "maildeliverysystem", "maildeliverysubsystem", "daemon", "symantecantivirus", "interscan", "imss", "smtpmailservice", "ndr", "sysadmin"];

    /// <summary>Subjects of notices.</summary>
    public static ImmutableArray<string> Subjects { get; } =
    [
        "undeliver", "non-deliver", "nondeliver", "not delivered", "failure notice", "delivery fail", "failed delivery", "failure delivery", "delivery status", "delivery notification", "delivery error",
        "delivery problem", "delivery has failed", "delivery report", "mail failed", "mail failure", "returned mail", "returned to sender", "returning to sender", "could not be delivered", "cannot be delivered to", "couldn't be delivered",
        "mail delivery", "message delivery", "mail system error", "processing error", "error sending your mail", "non remis", "non recapitabile", "unzustellbar", "non distribu", "no se puede entregar",
        "in forwarding or filtering", "message frozen",
        "メールエラー", "メッセージを配信できません", "メール配信に失敗しました", "配信不能", "配信エラー", "送信エラー", "не доставлено",
    ];
}
