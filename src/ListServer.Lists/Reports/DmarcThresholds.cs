namespace ListServer.Lists.Reports;

/// <summary>How much has to be reported before a stricter DMARC policy is proposed.</summary>
public sealed record DmarcThresholds
{
    /// <summary>Days with reports that a stage needs before the next one.</summary>
    public int Days { get; init; } = 14;

    /// <summary>The same for a stage with t=y, which changes nothing or little.</summary>
    public int TestDays { get; init; } = 7;

    /// <summary>Days in which none of our own mail may have failed.</summary>
    public int QuietDays { get; init; } = 14;

    /// <summary>Messages that have to have passed: fewer prove nothing.</summary>
    public int Messages { get; init; } = 100;

    /// <summary>Organisations that have to have reported: one alone may err, or lie.</summary>
    public int Reporters { get; init; } = 2;

    /// <summary>Failures of our own mail that are taken for the receivers' noise; of much mail, one in two thousand is, too.</summary>
    public int TolerableFailures { get; init; } = 2;

    /// <summary>What makes no sense, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (!IsInWindow(Days) || !IsInWindow(TestDays) || !IsInWindow(QuietDays))
        {
            yield return $"Dmarc:Days, TestDays and QuietDays have to be between 1 and {DmarcRoad.Window}, as so many days are looked at.";
        }

        if (Messages < 1 || Reporters < 1)
        {
            yield return "Dmarc:Messages and Dmarc:Reporters have to be at least 1.";
        }

        if (TolerableFailures < 0)
        {
            yield return "Dmarc:TolerableFailures can't be less than nothing.";
        }
    }

    private static bool IsInWindow(int days) => days is >= 1 and <= DmarcRoad.Window;
}
