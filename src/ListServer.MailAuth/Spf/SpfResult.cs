using System.Collections.Immutable;

namespace ListServer.MailAuth.Spf;

/// <summary>The results of RFC 7208 §2.6.</summary>
public enum SpfVerdict
{
    /// <summary>No record, or no domain to check.</summary>
    None,

    /// <summary>The domain says that it does not say.</summary>
    Neutral,

    /// <summary>The client may send for the domain.</summary>
    Pass,

    /// <summary>The client may not send for the domain.</summary>
    Fail,

    /// <summary>The client probably may not.</summary>
    SoftFail,

    /// <summary>DNS did not answer; trying again may help.</summary>
    TempError,

    /// <summary>The record can't be understood, or costs too many look-ups.</summary>
    PermError,
}

/// <summary>The outcome of check_host() for one identity (RFC 7208 §4).</summary>
/// <param name="Verdict">The result.</param>
/// <param name="Domain">The domain checked, without the final dot; empty when there was none.</param>
/// <param name="Reason">What decided, in words: the matching term, or what was wrong and where.</param>
/// <param name="Explanation">The domain's own explanation of a fail (exp=), or null.</param>
public sealed record SpfResult(SpfVerdict Verdict, string Domain, string Reason, string? Explanation = null)
{
    /// <summary>What was looked at, in words and in order; empty when no record was asked for.</summary>
    public ImmutableArray<string> Steps { get; init; } = [];
}
