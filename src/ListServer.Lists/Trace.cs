namespace ListServer.Lists;

/// <summary>The stages of a post's way.</summary>
public enum TraceStage
{
    /// <summary>Octets came in.</summary>
    Reception,

    /// <summary>SPF, DKIM, ARC, DMARC on the raw octets.</summary>
    Verification,

    /// <summary>The verdict and the rules behind it.</summary>
    Moderation,

    /// <summary>What the list changed.</summary>
    Cooking,

    /// <summary>What was decided about From.</summary>
    Mitigation,

    /// <summary>DKIM and ARC, and our check of them.</summary>
    Signing,

    /// <summary>Copies entered the queue.</summary>
    Queue,

    /// <summary>A receiver's answer.</summary>
    Delivery,

    /// <summary>A return came back.</summary>
    Return,
}

/// <summary>One line of a post's history.</summary>
/// <param name="At">When.</param>
/// <param name="Stage">Which stage.</param>
/// <param name="Outcome">One word or a few: "dkim=pass", "held", "rewritten", "delivered".</param>
/// <param name="Detail">Why, in words, with the other side's words where there are any.</param>
public sealed record TraceEvent(DateTimeOffset At, TraceStage Stage, string Outcome, string Detail);
