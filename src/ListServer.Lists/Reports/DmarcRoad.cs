using System.Collections.Immutable;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Lists.Reports;

/// <summary>How far a domain has come with DMARC.</summary>
public enum DmarcStage
{
    /// <summary>No record.</summary>
    Nothing,

    /// <summary>p=none.</summary>
    Watching,

    /// <summary>p=quarantine with t=y: receivers do nothing yet.</summary>
    QuarantineTest,

    /// <summary>p=quarantine.</summary>
    Quarantine,

    /// <summary>p=reject with t=y: receivers quarantine.</summary>
    RejectTest,

    /// <summary>p=reject.</summary>
    Reject,
}

/// <summary>What a domain's operator is to do now.</summary>
public enum DmarcMove
{
    /// <summary>Put SPF and DKIM in place.</summary>
    Prepare,

    /// <summary>Publish the first record, with p=none.</summary>
    Publish,

    /// <summary>Have the reports sent here.</summary>
    AskForReports,

    /// <summary>Wait: not enough days or mail were reported yet.</summary>
    Wait,

    /// <summary>Mend sources of our own whose mail fails.</summary>
    Mend,

    /// <summary>Say whose the unclear sources are.</summary>
    Tell,

    /// <summary>Publish the next policy.</summary>
    Advance,

    /// <summary>Publish a weaker policy: our own mail fails again.</summary>
    StepBack,

    /// <summary>Nothing: the domain is where it can be.</summary>
    Arrived,
}

/// <summary>One day of what reports say.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Passed">Messages that passed.</param>
/// <param name="OursFailed">Messages of our own sources that failed.</param>
/// <param name="RelayedFailed">Messages that forwarders and lists handed on, and that failed.</param>
/// <param name="OthersFailed">All others that failed.</param>
public sealed record ReportedDay(DateOnly Day, long Passed, long OursFailed, long RelayedFailed, long OthersFailed);

/// <summary>What is known of a domain before advice is given.</summary>
/// <param name="Stage">What is published now.</param>
/// <param name="IsReady">True when SPF and DKIM are as they should be.</param>
/// <param name="HasReportAddress">True when the record has reports sent here.</param>
/// <param name="Today">The day.</param>
/// <param name="Days">What reports say, by day.</param>
/// <param name="StageSince">Since when every report shows the stage; null where none does.</param>
/// <param name="Unclear">Sources of which only the operator knows whose they are.</param>
/// <param name="Reporters">Organisations whose reports say this.</param>
public sealed record DmarcState(
    DmarcStage Stage, bool IsReady, bool HasReportAddress, DateOnly Today, ImmutableArray<ReportedDay> Days, DateOnly? StageSince, int Unclear, int Reporters);

/// <summary>What is advised, and the numbers behind it.</summary>
/// <param name="Move">What to do.</param>
/// <param name="Next">The stage that it leads to; the present one where nothing is to be published.</param>
/// <param name="DaysAtStage">Days since reports show the stage.</param>
/// <param name="DaysReported">Days with reports, of the last <see cref="DmarcRoad.Window"/>.</param>
/// <param name="Messages">Messages that passed on these days.</param>
/// <param name="OursFailed">Messages of our own sources that failed in the last <see cref="DmarcThresholds.QuietDays"/> days.</param>
/// <param name="RelayedFailed">Messages handed on by forwarders and lists that failed on the days reported: p=reject would lose them.</param>
/// <param name="OthersFailed">What forgers sent on these days.</param>
/// <param name="Reporters">Organisations whose reports say this.</param>
public sealed record DmarcStep(
    DmarcMove Move, DmarcStage Next, int DaysAtStage, int DaysReported, long Messages, long OursFailed, long RelayedFailed, long OthersFailed, int Reporters);

/// <summary>The road from nothing to p=reject, one stage after the other, and back where our own mail fails (the leaflet's steps 1 to 5). Pure.</summary>
public static class DmarcRoad
{
    /// <summary>Days that are looked at.</summary>
    public const int Window = 28;

    // So many of a hundred thousand messages are the receivers' noise.
    private const int TolerableOf100000 = 50;

    /// <summary>What is published, as a stage.</summary>
    public static DmarcStage StageOf(DmarcPolicy? policy, bool isTesting) => (policy, isTesting) switch
    {
        (null, _) => DmarcStage.Nothing,
        (DmarcPolicy.None, _) => DmarcStage.Watching,
        (DmarcPolicy.Quarantine, true) => DmarcStage.QuarantineTest,
        (DmarcPolicy.Quarantine, false) => DmarcStage.Quarantine,
        (_, true) => DmarcStage.RejectTest,
        _ => DmarcStage.Reject,
    };

    /// <summary>Since when all reports show a stage; null where the newest does not.</summary>
    public static DateOnly? Since(DmarcStage stage, IEnumerable<ReceivedReport> reports)
    {
        DateOnly? since = null;
        foreach (var day in reports.Where(report => report is { Kind: ReportKind.Dmarc, Doubt: null, Policy: not null }).GroupBy(report => report.Day).OrderByDescending(day => day.Key))
        {
            if (day.Any(report => StageOf(report.Policy, report.IsTesting) != stage))
            {
                break;
            }

            since = day.Key;
        }

        return since;
    }

    /// <summary>What to do now.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="needed">How much has to be reported.</param>
    public static DmarcStep Advise(DmarcState state, DmarcThresholds needed)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(needed);
        var days = state.Days.Where(day => day.Day > state.Today.AddDays(-Window)).ToList();
        var quiet = days.Where(day => day.Day > state.Today.AddDays(-needed.QuietDays)).ToList();
        var step = new DmarcStep(
            DmarcMove.Wait,
            state.Stage,
            state.StageSince is { } since ? state.Today.DayNumber - since.DayNumber : 0,
            days.Count(day => day.Passed + day.OursFailed + day.RelayedFailed + day.OthersFailed > 0),
            days.Sum(day => day.Passed),
            quiet.Sum(day => day.OursFailed),
            days.Sum(day => day.RelayedFailed),
            days.Sum(day => day.OthersFailed),
            state.Reporters);
        var (move, next) = Decide(state, step, quiet.Sum(day => day.Passed), needed);
        return step with { Move = move, Next = next };
    }

    private static (DmarcMove Move, DmarcStage Next) Decide(DmarcState state, DmarcStep step, long quietMessages, DmarcThresholds needed)
    {
        var fails = step.OursFailed > Math.Max(needed.TolerableFailures, quietMessages * TolerableOf100000 / 100_000);
        return state switch
        {
            // What receivers do with our own mail comes before everything else.
            { Stage: DmarcStage.Quarantine or DmarcStage.RejectTest or DmarcStage.Reject } when fails => (DmarcMove.StepBack, DmarcStage.QuarantineTest),
            { IsReady: false } => (DmarcMove.Prepare, state.Stage),
            { Stage: DmarcStage.Nothing } => (DmarcMove.Publish, DmarcStage.Watching),
            { HasReportAddress: false } => (DmarcMove.AskForReports, state.Stage),
            _ when fails => (DmarcMove.Mend, state.Stage),
            { Stage: DmarcStage.Reject } => (DmarcMove.Arrived, state.Stage),
            _ when !HasEnough(state.Stage, step, needed) => (DmarcMove.Wait, state.Stage),
            { Unclear: > 0 } => (DmarcMove.Tell, state.Stage),
            _ => (DmarcMove.Advance, state.Stage + 1),
        };
    }

    private static bool HasEnough(DmarcStage stage, DmarcStep step, DmarcThresholds needed)
    {
        var days = stage is DmarcStage.QuarantineTest or DmarcStage.RejectTest ? needed.TestDays : needed.Days;
        return step.DaysAtStage >= days && step.DaysReported >= days && step.Messages >= needed.Messages && step.Reporters >= needed.Reporters;
    }
}
