using System.Collections.Immutable;

namespace ListServer.Lists.Bounces;

/// <summary>What a delivery status notification says became of a recipient (RFC 3464 §2.3.3).</summary>
public enum ReturnAction
{
    /// <summary>Not delivered, and never will be.</summary>
    Failed,

    /// <summary>Not delivered yet: no failure (the next attempt may succeed).</summary>
    Delayed,

    /// <summary>Delivered, or handed on to where no more is known.</summary>
    Delivered,
}

/// <summary>One recipient in a returned report.</summary>
/// <param name="Original">The address as we wrote it (Original-Recipient), or null.</param>
/// <param name="Final">The address at which it ended (Final-Recipient), or null. At least one of the two is there.</param>
/// <param name="Action">What became of it.</param>
/// <param name="Status">The enhanced status code, such as 5.1.1; empty when it is missing or malformed.</param>
/// <param name="Diagnostic">The receiver's words, on one line and cut short; may be empty.</param>
public sealed record ReturnedRecipient(string? Original, string? Final, ReturnAction Action, string Status, string Diagnostic)
{
    /// <summary>The address the report is about: as we wrote it, or else where it ended.</summary>
    public string Address => Original ?? Final!;

    /// <summary>Whether the receiver refused for good; null for what was delivered. A delay never is one.</summary>
    /// <remarks>The status says it, else the reply code in the words, else that it failed.</remarks>
    public bool? IsPermanent => Action switch
    {
        ReturnAction.Delayed => false,
        ReturnAction.Delivered => null,
        _ => Status is ['4', ..] ? false : Status is ['5', ..] || ReplyCodes.Find(Diagnostic).Code is not (>= 400 and < 500),
    };

    /// <summary>Whose fault it is, as <see cref="Refusal"/> tells it for a reply in the session too.</summary>
    public RefusalClass Class
    {
        get
        {
            // RFC 3463 §3: "x.0.0" says no more than its class; the receiver's own words often have the whole code.
            var words = ReplyCodes.Find(Diagnostic);
            var enhanced = Status.Length is 0 || (Status.EndsWith(".0.0", StringComparison.Ordinal) && words.Enhanced.Length > 0 && words.Enhanced[0] == Status[0])
                ? words.Enhanced
                : Status;
            var found = Refusal.Classify(words.Code, enhanced, Diagnostic);
            return IsPermanent is false && found is not (RefusalClass.Policy or RefusalClass.MailboxFull) ? RefusalClass.Transient : found;
        }
    }
}

/// <summary>A report on the delivery of one of our copies, as another server wrote it. Nothing in it is proven.</summary>
/// <param name="Recipients">At least one; the first hundred.</param>
/// <param name="MessageId">The Message-ID, in angle brackets, of the copy it is about; empty when it was not returned with it.</param>
public sealed record ReturnReport(ImmutableArray<ReturnedRecipient> Recipients, string MessageId);
