using ListServer.Lists.Bounces;
using ListServer.Store.Changes;

namespace ListServer.Tests.Returns;

/// <summary>AUTH-56, AUTH-59: owners are told of an incident once, by a mail that nothing answers.</summary>
public sealed class OwnerNewsTests
{
    [Fact]
    public async Task Owners_are_told_once_in_one_mail_from_nobody()
    {
        await using var stage = await ReturnsStage.StartAsync();
        await stage.CommitAsync(
            new MembersSaved(ReturnsStage.List, [stage.Member("mika@desk.example") with { Role = Lists.MemberRole.Moderator }]),
            Refused(stage, "gmail.example"));
        await stage.TellOwnersAsync();
        stage.NewMail().ShouldBeEmpty("other providers may be next");

        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        await stage.CommitAsync(Refused(stage, "yahoo.example"));
        await stage.TellOwnersAsync();
        await stage.TellOwnersAsync();

        var mail = stage.NewMail();
        mail.SelectMany(m => m.Recipients).ShouldBe([ReturnsStage.Owner, "mika@desk.example"], ignoreOrder: true);
        mail.ShouldAllBe(m => m.ReversePath == "" && m.CopyId == mail[0].CopyId);
        foreach (var words in new[] { "DKIM-Signature: ", "\r\nAuto-Submitted: auto-generated\r\n", "To: <news-owner@lists.example>", "gmail.example", "yahoo.example", "550 5.7.1 spam" })
        {
            mail[0].Text.ShouldContain(words);
        }

        stage.Store.OpenIncidents.All.ShouldAllBe(incident => incident.ToldAt == stage.Clock.GetUtcNow());
    }

    [Fact]
    public async Task There_is_one_mail_an_hour_at_the_most()
    {
        await using var stage = await ReturnsStage.StartAsync();
        for (var minute = 0; minute < 180; minute++)
        {
            await stage.CommitAsync(Refused(stage, $"provider{minute}.example"));
            await stage.TellOwnersAsync();
            stage.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        stage.NewMail().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Further_refusals_and_an_incident_that_begins_anew_the_same_day_are_not_told_again()
    {
        await using var stage = await ReturnsStage.StartAsync();
        var refused = Refused(stage, "gmail.example");
        await stage.CommitAsync(refused);
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        await stage.TellOwnersAsync();
        stage.NewMail().ShouldHaveSingleItem();

        stage.Clock.Advance(TimeSpan.FromHours(2));
        await stage.CommitAsync(Refused(stage, "gmail.example"), new IncidentsClosed(ReturnsStage.List, [refused.Refusals.Id], stage.Clock.GetUtcNow(), "test"), Refused(stage, "gmail.example"));
        stage.Clock.Advance(TimeSpan.FromHours(2));
        await stage.TellOwnersAsync();

        stage.Store.OpenIncidents.All.ShouldHaveSingleItem();
        stage.NewMail().ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_nobody_runs_the_list_the_postmaster_is_told_and_else_the_next_owner()
    {
        await using var stage = await ReturnsStage.StartAsync("root@office.example");
        await stage.CommitAsync(new MembersRemoved(ReturnsStage.List, [ReturnsStage.Owner]), Refused(stage, "gmail.example"));
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        await stage.TellOwnersAsync();
        stage.NewMail().ShouldHaveSingleItem().Recipients.ShouldBe(["root@office.example"]);

        await using var orphan = await ReturnsStage.StartAsync();
        await orphan.CommitAsync(new MembersRemoved(ReturnsStage.List, [ReturnsStage.Owner]), Refused(orphan, "gmail.example"));
        orphan.Clock.Advance(TimeSpan.FromMinutes(5));
        await orphan.TellOwnersAsync();
        orphan.NewMail().ShouldBeEmpty();
        orphan.Store.OpenIncidents.All.Single().ToldAt.ShouldBeNull();
    }

    private static IncidentCounted Refused(ReturnsStage stage, string destination) => new(new Incident(
        ReturnsStage.List, destination, IncidentCause.Content, "bank.example", stage.Clock.GetUtcNow(), stage.Clock.GetUtcNow(), 1, "550 5.7.1 spam"));
}
