using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Outbound;
using ListServer.Store.Changes;
using ListServer.Tests.Outbound;
using Microsoft.Extensions.Logging.Abstractions;

namespace ListServer.Tests.Returns;

/// <summary>Suspended members are probed, and receive again or leave.</summary>
public sealed class ProbeRoundsTests
{
    private const string Mia = "mia@office.example";

    [Fact]
    public async Task A_suspended_member_gets_a_probe_with_a_reverse_path_of_its_own_once_a_week()
    {
        await using var stage = await StartAsync();
        await stage.ProbeAsync();
        await stage.ProbeAsync();

        var probe = stage.NewMail().ShouldHaveSingleItem();
        probe.Recipients.ShouldBe([Mia]);
        VerpToken.TryRead(stage.Store.Secret.Span, ReturnsStage.List, probe.ReversePath.Split('+', '@')[1], stage.Clock.GetUtcNow(), out var token).ShouldBeTrue();
        token.IsProbe.ShouldBeTrue();
        token.Names(stage.Store.Secret.Span, ReturnsStage.List, Mia).ShouldBeTrue();
        foreach (var words in new[] { "DKIM-Signature: ", "\r\nAuto-Submitted: auto-generated\r\n", "550 no such user" })
        {
            probe.Text.ShouldContain(words);
        }

        stage.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromHours(1));
        await stage.ProbeAsync();
        stage.NewMail().ShouldBeEmpty();
        stage.Clock.Advance(TimeSpan.FromHours(1));
        await stage.ProbeAsync();
        stage.NewMail().ShouldHaveSingleItem().ReversePath.ShouldNotBe(probe.ReversePath);
    }

    [Fact]
    public async Task A_probe_that_does_not_come_back_lets_the_member_receive_again()
    {
        await using var stage = await StartAsync();
        await ProbedAsync(stage, ProbeResult.Failed);
        await ProbedAsync(stage, ProbeResult.Delivered);
        stage.Store.FindMember(ReturnsStage.List, Mia)!.GetsCopies.ShouldBeFalse();
        await stage.ProbeAsync();

        stage.Store.FindMember(ReturnsStage.List, Mia)!.GetsCopies.ShouldBeTrue();
        stage.Store.Receivers(ReturnsStage.List).Count.ShouldBe(1);
        stage.Store.Suspensions(null).ShouldBeEmpty();
        stage.Store.FindBounceScore(ReturnsStage.List, Mia).ShouldBeNull();
    }

    [Fact]
    public async Task Who_is_out_of_reach_for_three_probes_is_removed_and_the_owners_are_told()
    {
        await using var stage = await StartAsync();
        for (var i = 0; i < Suspension.MostProbes; i++)
        {
            await ProbedAsync(stage, ProbeResult.Failed);
        }

        await stage.ProbeAsync();
        stage.Store.FindMember(ReturnsStage.List, Mia).ShouldBeNull();
        stage.Store.Suspensions(null).ShouldBeEmpty();
        stage.NewMail().Count.ShouldBe(0);

        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        await stage.TellOwnersAsync();
        await stage.TellOwnersAsync();
        var mail = stage.NewMail().ShouldHaveSingleItem();
        mail.Recipients.ShouldBe([ReturnsStage.Owner]);
        mail.Text.ShouldContain("These members were removed, as all test mails to them came back:");
        stage.Store.MemberNews().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, MemberRole.Member, ProbeResult.Failed)]
    [InlineData(true, MemberRole.Owner, ProbeResult.Failed)]
    [InlineData(true, MemberRole.Member, ProbeResult.Undecided)]
    public async Task Others_stay_suspended_and_get_no_fourth_probe(bool removes, MemberRole role, ProbeResult result)
    {
        await using var stage = await StartAsync();
        await stage.CommitAsync(
            new ListSaved(stage.Store.FindList(ReturnsStage.List)! with { RemoveUnreachable = removes }),
            new MembersSaved(ReturnsStage.List, [stage.Store.FindMember(ReturnsStage.List, Mia)! with { Role = role }]));
        for (var i = 0; i < Suspension.MostProbes; i++)
        {
            await ProbedAsync(stage, result);
        }

        for (var day = 0; day < 30; day++)
        {
            await stage.ProbeAsync();
            stage.Clock.Advance(TimeSpan.FromDays(1));
        }

        stage.Store.FindMember(ReturnsStage.List, Mia)!.SuspendedAt.ShouldNotBeNull();
        stage.NewMail().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_owners_are_told_of_a_suspension_once()
    {
        await using var stage = await StartAsync();
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        await stage.TellOwnersAsync();
        stage.Clock.Advance(TimeSpan.FromHours(2));
        await stage.TellOwnersAsync();

        var mail = stage.NewMail().ShouldHaveSingleItem();
        (mail.ReversePath, mail.Recipients.Single()).ShouldBe(("", ReturnsStage.Owner));
        mail.Text.ShouldContain($"  {Mia}\r\n    550 no such user\r\n");
    }

    /// <summary>What a server says to the probe itself, in the session.</summary>
    [Theory]
    [InlineData(null, ProbeResult.Delivered)]
    [InlineData("550 5.1.1 no such user", ProbeResult.Failed)]
    [InlineData("550 5.7.1 spam", ProbeResult.Undecided)]
    public async Task The_session_tells_what_became_of_a_probe(string? reply, ProbeResult result)
    {
        await using var stage = await StartAsync();
        await stage.ProbeAsync();
        await using var peer = new Peer { On = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? reply : null };
        using var stop = new CancellationTokenSource();
        var copies = new CopySource(stage.Store, (_, _, _, _) => null, (_, _) => Task.FromResult(new SevenBitCopy(null)));
        var loop = new DeliveryLoop(
            stage.Store, copies, new ZoneFake(), new OutboundOptions { Smarthost = peer.Address, SmarthostTls = TlsMode.None, HeloName = "mx.lists.example" }, stage.Clock, NullLoggerFactory.Instance);
        var running = loop.RunAsync(stop.Token);
        await DeliveryStage.UntilAsync(() => stage.Store.FindSuspension(ReturnsStage.List, Mia)!.Result != ProbeResult.Waiting);
        await stop.CancelAsync();
        await running;

        stage.Store.FindSuspension(ReturnsStage.List, Mia)!.Result.ShouldBe(result);
        stage.Store.FindBounceScore(ReturnsStage.List, Mia)!.Score.ShouldBe(5);
    }

    /// <summary>One probe, what became of it, and the week after it.</summary>
    private static async Task ProbedAsync(ReturnsStage stage, ProbeResult result)
    {
        await stage.ProbeAsync();
        var probe = stage.NewMail().ShouldHaveSingleItem();
        await stage.CommitAsync(new ProbeEnded(ReturnsStage.List, Mia, probe.CopyId, result, "550 no such user"));
        stage.Clock.Advance(Suspension.Interval);
    }

    private static async Task<ReturnsStage> StartAsync()
    {
        var stage = await ReturnsStage.StartAsync();
        await stage.CommitAsync(new MembersSaved(ReturnsStage.List, [stage.Member(Mia)]));
        for (var day = 0; day < 5; day++)
        {
            stage.Clock.Advance(TimeSpan.FromDays(1));
            await stage.CommitAsync(new BounceCounted(ReturnsStage.List, Mia, RefusalClass.Address, stage.Clock.GetUtcNow(), "550 no such user"));
        }

        stage.Store.FindMember(ReturnsStage.List, Mia)!.SuspendedAt.ShouldBe(stage.Clock.GetUtcNow());
        return stage;
    }
}
