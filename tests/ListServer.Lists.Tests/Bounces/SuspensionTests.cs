using ListServer.Lists.Bounces;
using ListServer.Lists.Notices;
using ListServer.Lists.Tests.Notices;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>What is due for a suspended member: a probe a week, three at the most, then an end or none.</summary>
public sealed class SuspensionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly Suspension Fresh = new("news@lists.example", "mia@office.example", Noon, "550 no such user");

    [Fact]
    public void The_first_probe_is_due_at_once() => Fresh.StepAt(Noon, removes: true).ShouldBe(SuspensionStep.Probe);

    [Theory]
    [InlineData(1, ProbeResult.Failed, 6.9, true, SuspensionStep.Wait)]
    [InlineData(1, ProbeResult.Delivered, 6.9, true, SuspensionStep.Wait)]
    [InlineData(1, ProbeResult.Delivered, 7, true, SuspensionStep.Resume)]
    [InlineData(1, ProbeResult.Failed, 7, true, SuspensionStep.Probe)]
    [InlineData(2, ProbeResult.Waiting, 7, true, SuspensionStep.Probe)]
    [InlineData(2, ProbeResult.Undecided, 7, true, SuspensionStep.Probe)]
    [InlineData(3, ProbeResult.Failed, 6.9, true, SuspensionStep.Wait)]
    [InlineData(3, ProbeResult.Failed, 7, true, SuspensionStep.Remove)]
    [InlineData(3, ProbeResult.Failed, 7, false, SuspensionStep.Wait)]
    [InlineData(3, ProbeResult.Undecided, 7, true, SuspensionStep.Wait)]
    [InlineData(3, ProbeResult.Waiting, 70, true, SuspensionStep.Wait)]
    [InlineData(3, ProbeResult.Delivered, 7, false, SuspensionStep.Resume)]
    public void What_is_due_follows_from_what_became_of_the_last_probe(int probes, ProbeResult result, double days, bool removes, SuspensionStep due) =>
        (Fresh with { Probes = probes, ProbedAt = Noon, ProbeId = "p", Result = result }).StepAt(Noon.AddDays(days), removes).ShouldBe(due);

    [Theory]
    [InlineData(ProbeResult.Waiting, ProbeResult.Delivered, ProbeResult.Delivered)]
    [InlineData(ProbeResult.Waiting, ProbeResult.Failed, ProbeResult.Failed)]
    [InlineData(ProbeResult.Delivered, ProbeResult.Failed, ProbeResult.Failed)]
    [InlineData(ProbeResult.Delivered, ProbeResult.Undecided, ProbeResult.Undecided)]
    [InlineData(ProbeResult.Failed, ProbeResult.Delivered, ProbeResult.Failed)]
    [InlineData(ProbeResult.Undecided, ProbeResult.Delivered, ProbeResult.Undecided)]
    public void A_probe_that_came_back_stays_so_whoever_took_it_first(ProbeResult before, ProbeResult told, ProbeResult after)
    {
        var probed = Fresh with { Probes = 1, ProbedAt = Noon, ProbeId = "p", Result = before };

        probed.After("p", told, "words").Result.ShouldBe(after);
        probed.After("another", told, "words").ShouldBe(probed);
    }

    [Fact]
    public void The_member_reads_why_and_what_the_probe_means_and_of_the_last_that_it_is_the_last()
    {
        foreach (var language in NoticeTemplates.Languages)
        {
            var facts = new NoticeFacts(Reports.List with { Language = language }, Fresh.Address) { Suspension = Fresh };
            var notice = Shipped.Templates.Render(NoticeKind.Probe, facts);
            foreach (var words in new[] { "mia@office.example", "2026-11-24", "    550 no such user\n", "news-leave@lists.example", "news-owner@lists.example" })
            {
                notice.Text.ShouldContain(words);
            }

            notice.Text.ShouldNotContain("\n\n\n");
            var last = language == "en" ? "It is the last of 3." : "これが最後です";
            notice.Text.ShouldNotContain(last);
            var lastFacts = facts with { Suspension = Fresh with { Probes = 2 } };
            Shipped.Templates.Render(NoticeKind.Probe, lastFacts).Text.ShouldContain(last);
            Shipped.Templates.Render(NoticeKind.Probe, lastFacts with { List = facts.List with { RemoveUnreachable = false } }).Text.ShouldNotContain(last);
        }
    }

    [Fact]
    public void Owners_read_who_was_suspended_and_removed_and_what_comes_next()
    {
        var suspended = Enumerable.Range(0, 25).Select(i => new MemberNews("news@lists.example", $"m{i}@office.example", MemberEvent.Suspended, Noon, "550 no such user"));
        foreach (var language in NoticeTemplates.Languages)
        {
            var facts = new NoticeFacts(Reports.List with { Language = language }, "news-owner@lists.example")
            {
                Members = [.. suspended, new MemberNews("news@lists.example", "old@office.example", MemberEvent.Removed, Noon, "552 full"),
                    new MemberNews("news@lists.example", "angry@office.example", MemberEvent.Complained, Noon, "abuse, told by Yahoo")],
            };
            var text = Shipped.Templates.Render(NoticeKind.OwnerNews, facts).Text;

            text.ShouldContain("  m0@office.example\n    550 no such user\n");
            text.ShouldContain("  old@office.example\n    552 full\n");
            text.ShouldContain("  angry@office.example\n    abuse, told by Yahoo\n");
            text.ShouldNotContain("m20@");
            text.ShouldContain(language == "en" ? "There are 5 more" : "ほかに 5 名");
            text.ShouldContain("listserver member enable news@lists.example ADDRESS");
            text.ShouldNotContain("\n\n\n");
            text.Split('\n').ShouldAllBe(line => line == line.TrimEnd());
            var leaves = facts with { List = facts.List with { RemoveUnreachable = false } };
            Shipped.Templates.Render(NoticeKind.OwnerNews, leaves).Text.ShouldContain(language == "en" ? "stays suspended." : "停止のままです。");
        }
    }
}
