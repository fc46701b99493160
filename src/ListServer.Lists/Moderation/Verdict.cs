namespace ListServer.Lists.Moderation;

/// <summary>What becomes of a post, and why.</summary>
/// <param name="Reason">In words for the people concerned; never empty but for <see cref="Accept"/>.</param>
public abstract record Verdict(string Reason)
{
    /// <summary>To be distributed.</summary>
    public sealed record Accept() : Verdict("");

    /// <summary>Kept for a moderator.</summary>
    public sealed record Hold(string Reason) : Verdict(Reason);

    /// <summary>Refused in the session.</summary>
    /// <param name="Reason">In words.</param>
    /// <param name="Code">The SMTP reply code, 550 or 451 and their like.</param>
    /// <param name="EnhancedCode">Such as 5.7.1.</param>
    public sealed record Reject(string Reason, int Code = 550, string EnhancedCode = "5.7.1") : Verdict(Reason);

    /// <summary>Taken and dropped without an answer.</summary>
    public sealed record Discard(string Reason) : Verdict(Reason);
}
