using System.Collections.Immutable;

namespace ListServer.MailAuth.Arc;

/// <summary>The chain validation status of RFC 8617 §4.4.</summary>
public enum ArcVerdict
{
    /// <summary>No ARC set.</summary>
    None,

    /// <summary>The chain validates.</summary>
    Pass,

    /// <summary>The chain does not validate, for good (DNS errors included, AUTH-39).</summary>
    Fail,
}

/// <summary>The state of a message's ARC chain.</summary>
/// <param name="Verdict">The status.</param>
/// <param name="Instances">The highest i= seen; 0 without a chain.</param>
/// <param name="OldestPass">The lowest instance whose AMS still verifies, 0 when all do, or null when the chain does not pass (RFC 8617 §5.2).</param>
/// <param name="Sealers">d= of each ARC-Seal from i=1 up, in lower case; empty unless the chain's structure is right.</param>
/// <param name="AlreadyFailed">True when the newest seal says cv=fail: nothing may be added (AUTH-44).</param>
/// <param name="Reason">What decided, in words.</param>
/// <param name="NewestResults">The newest AAR's authentication results as written, after i= and its semicolon; null without a passing chain.</param>
public sealed record ArcResult(
    ArcVerdict Verdict,
    int Instances,
    int? OldestPass,
    ImmutableArray<string> Sealers,
    bool AlreadyFailed,
    string Reason,
    string? NewestResults = null);
