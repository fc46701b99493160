using ListServer.Lists.Reports;

namespace ListServer.Lists.Tests;

/// <summary>The leaflet's steps 1 to 5 (LIST-leaflet): what a source is, and when a policy may become stricter.</summary>
public sealed class DmarcRoadTests
{
    private static readonly DateOnly Today = new(2027, 3, 1);

    [Theory]
    [InlineData(DmarcStage.Nothing, 30, 10, 0, 0, DmarcMove.Publish, DmarcStage.Watching)]
    [InlineData(DmarcStage.Watching, 5, 10, 0, 0, DmarcMove.Wait, DmarcStage.Watching)]
    [InlineData(DmarcStage.Watching, 20, 1, 0, 0, DmarcMove.Wait, DmarcStage.Watching)]
    [InlineData(DmarcStage.Watching, 20, 50, 3, 0, DmarcMove.Mend, DmarcStage.Watching)]
    [InlineData(DmarcStage.Watching, 20, 50, 0, 1, DmarcMove.Tell, DmarcStage.Watching)]
    [InlineData(DmarcStage.Watching, 20, 50, 0, 0, DmarcMove.Advance, DmarcStage.QuarantineTest)]
    [InlineData(DmarcStage.QuarantineTest, 8, 50, 0, 0, DmarcMove.Advance, DmarcStage.Quarantine)]
    [InlineData(DmarcStage.Quarantine, 8, 50, 0, 0, DmarcMove.Wait, DmarcStage.Quarantine)]
    [InlineData(DmarcStage.Quarantine, 20, 50, 0, 0, DmarcMove.Advance, DmarcStage.RejectTest)]
    [InlineData(DmarcStage.RejectTest, 8, 50, 0, 0, DmarcMove.Advance, DmarcStage.Reject)]
    [InlineData(DmarcStage.Reject, 1, 50, 0, 0, DmarcMove.Arrived, DmarcStage.Reject)]
    [InlineData(DmarcStage.Reject, 20, 50, 3, 0, DmarcMove.StepBack, DmarcStage.QuarantineTest)]
    [InlineData(DmarcStage.Quarantine, 20, 50, 3, 0, DmarcMove.StepBack, DmarcStage.QuarantineTest)]
    public void A_policy_becomes_stricter_only_after_enough_days_and_mail_without_failures_of_ours(
        DmarcStage stage, int days, int messages, int failed, int unclear, DmarcMove move, DmarcStage next)
    {
        var reported = Enumerable.Range(0, days).Select(age => new ReportedDay(Today.AddDays(-age), messages, failed, 1, 1000)).ToArray();
        var step = DmarcRoad.Advise(new DmarcState(stage, IsReady: true, HasReportAddress: true, Today, [.. reported], Today.AddDays(-days), unclear, Reporters: 2), new DmarcThresholds());

        (step.Move, step.Next).ShouldBe((move, next));
    }

    [Fact]
    public void Without_SPF_and_DKIM_or_reports_nothing_is_advised_but_them()
    {
        var state = new DmarcState(DmarcStage.Watching, IsReady: false, HasReportAddress: false, Today, [], null, 0, 0);
        DmarcRoad.Advise(state, new DmarcThresholds()).Move.ShouldBe(DmarcMove.Prepare);
        DmarcRoad.Advise(state with { IsReady = true }, new DmarcThresholds()).Move.ShouldBe(DmarcMove.AskForReports);
    }

    [Fact]
    public void Each_threshold_decides_and_one_reporter_alone_is_never_enough_unless_the_operator_says_so()
    {
        var days = Enumerable.Range(0, 20).Select(age => new ReportedDay(Today.AddDays(-age), 10, age == 10 ? 2 : 0, 0, 0)).ToArray();
        var state = new DmarcState(DmarcStage.Watching, IsReady: true, HasReportAddress: true, Today, [.. days], Today.AddDays(-20), 0, Reporters: 2);
        DmarcMove Move(DmarcThresholds needed, int reporters = 2) => DmarcRoad.Advise(state with { Reporters = reporters }, needed).Move;

        Move(new DmarcThresholds()).ShouldBe(DmarcMove.Advance);
        Move(new DmarcThresholds(), reporters: 1).ShouldBe(DmarcMove.Wait);
        Move(new DmarcThresholds { Reporters = 1 }, reporters: 1).ShouldBe(DmarcMove.Advance);
        Move(new DmarcThresholds { Reporters = 3 }).ShouldBe(DmarcMove.Wait);
        Move(new DmarcThresholds { Days = 21 }).ShouldBe(DmarcMove.Wait);
        Move(new DmarcThresholds { Messages = 201 }).ShouldBe(DmarcMove.Wait);
        Move(new DmarcThresholds { TolerableFailures = 1 }).ShouldBe(DmarcMove.Mend);
        Move(new DmarcThresholds { TolerableFailures = 1, QuietDays = 9 }).ShouldBe(DmarcMove.Advance);
        state = state with { Stage = DmarcStage.QuarantineTest };
        Move(new DmarcThresholds { TestDays = 21 }).ShouldBe(DmarcMove.Wait);
        Move(new DmarcThresholds { Days = 21 }).ShouldBe(DmarcMove.Advance);
    }

    [Fact]
    public void Thresholds_without_sense_are_told()
    {
        new DmarcThresholds().Problems().ShouldBeEmpty();
        new DmarcThresholds { Days = 29 }.Problems().ShouldHaveSingleItem().ShouldContain("Dmarc:Days");
        new DmarcThresholds { TestDays = 0, Reporters = 0, TolerableFailures = -1 }.Problems().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("both", 1, null, SourceVerdict.Right)]
    [InlineData("fail", 1, null, SourceVerdict.Forged)]
    [InlineData("fail", 12, null, SourceVerdict.Unclear)]
    [InlineData("fail", 12, "mail.lists.example", SourceVerdict.Misconfigured)]
    [InlineData("dkim", 1, null, SourceVerdict.Relay)]
    [InlineData("broken", 12, null, SourceVerdict.Relay)]
    [InlineData("nokey", 1, null, SourceVerdict.Misconfigured)]
    [InlineData("other", 12, null, SourceVerdict.Misconfigured)]
    [InlineData("other", 2, null, SourceVerdict.Forged)]
    public void A_source_is_what_receivers_saw_of_it(string what, int days, string? host, SourceVerdict verdict)
    {
        var counts = what switch { "both" => new SourceCounts(9, 0, 0, 0, 0), "dkim" => new SourceCounts(0, 9, 0, 0, 0), _ => new SourceCounts(0, 0, 0, 9, 9) };
        Evidence[] evidence = what switch
        {
            "broken" => [new(EvidenceKind.Dkim, "lists.example", "s1", "fail", 0, 9, 1)],
            "nokey" => [new(EvidenceKind.Dkim, "lists.example", "s9", "permerror", 0, 9, 1)],
            "other" => [new(EvidenceKind.Dkim, "mailer.example", "m", "pass", 0, 9, 1), new(EvidenceKind.Spf, "lists.example", "", "softfail", 0, 9, 1)],
            _ => [],
        };
        var tally = Enumerable.Range(0, days).Aggregate(new SourceTally("192.0.2.1"), (sum, age) => sum.Plus(new SourceCount("192.0.2.1", counts, [.. evidence]), Today.AddDays(-age)));
        var judge = new SourceJudge("lists.example", address => address == "192.0.2.9");

        judge.Judge(tally, tally.Sum(Today.AddDays(-30), Today), host).Verdict.ShouldBe(verdict);
        judge.Judge(tally with { Mark = SourceMark.Foreign }, counts, host).Verdict.ShouldBe(SourceVerdict.Forged);
    }
}
