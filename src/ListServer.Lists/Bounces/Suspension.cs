namespace ListServer.Lists.Bounces;

/// <summary>What became of a probe.</summary>
public enum ProbeResult
{
    /// <summary>On its way.</summary>
    Waiting,

    /// <summary>Taken by the receiver, and it has not come back.</summary>
    Delivered,

    /// <summary>Refused or returned for the member's own sake.</summary>
    Failed,

    /// <summary>Given up, or refused for a reason that says nothing of the mailbox.</summary>
    Undecided,
}

/// <summary>What is due for a suspended member.</summary>
public enum SuspensionStep
{
    /// <summary>Nothing now, or nothing more.</summary>
    Wait,

    /// <summary>A probe.</summary>
    Probe,

    /// <summary>The last probe arrived: the member gets copies again.</summary>
    Resume,

    /// <summary>All probes were in vain, and the last one came back: the subscription ends.</summary>
    Remove,
}

/// <summary>
/// A member who gets no copies, as they came back. A probe goes out each week, three at the most; the first that does not come back within its week
/// ends the suspension. Reports come within days of the last attempt, and attempts within five days, so that a week tells.
/// </summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="At">When it began.</param>
/// <param name="Words">The receiver's words, the last ones.</param>
/// <param name="Probes">How many probes were sent.</param>
/// <param name="ProbedAt">When the last one was, or null.</param>
/// <param name="ProbeId">The octets of the last one in the spool; empty before.</param>
/// <param name="Result">What became of the last one.</param>
public sealed record Suspension(
    string List,
    string Address,
    DateTimeOffset At,
    string Words,
    int Probes = 0,
    DateTimeOffset? ProbedAt = null,
    string ProbeId = "",
    ProbeResult Result = ProbeResult.Waiting)
{
    /// <summary>So many probes are sent at the most.</summary>
    public const int MostProbes = 3;

    /// <summary>The time that a probe has to come back, and between two.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromDays(7);

    /// <summary>What is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="removes">True when the subscription shall end with the last probe that comes back.</param>
    public SuspensionStep StepAt(DateTimeOffset now, bool removes) => this switch
    {
        { ProbedAt: null } => SuspensionStep.Probe,
        { ProbedAt: { } probed } when now < probed + Interval => SuspensionStep.Wait,
        { Result: ProbeResult.Delivered } => SuspensionStep.Resume,
        { Probes: < MostProbes } => SuspensionStep.Probe,
        { Result: ProbeResult.Failed } when removes => SuspensionStep.Remove,
        _ => SuspensionStep.Wait,
    };

    /// <summary>The suspension once it is known what became of a probe. One that came back stays so, whoever took it first.</summary>
    /// <param name="probeId">The probe; any but the last changes nothing.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="words">The receiver's words; those of a probe that arrived are not kept.</param>
    public Suspension After(string probeId, ProbeResult result, string words) =>
        probeId != ProbeId || Result is ProbeResult.Failed ? this
            : result is ProbeResult.Delivered && Result is not ProbeResult.Waiting ? this
            : this with { Result = result, Words = result is ProbeResult.Delivered ? Words : words };
}
