using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Admin.Tests.Members;

/// <summary>AUTH-82, AUTH-83: when, from where and to which words somebody consented is known, though they may have left.</summary>
public sealed class ConsentTests : AdminStage
{

    protected override AdminContext Equip(AdminContext context) =>
        context with { JoinWording = (list, address) => $"Do you, {address}, want {list.DisplayName}?" };

    [Fact]
    public async Task Each_consent_of_an_address_is_kept_with_how_it_ended_the_newest_first()
    {
        await DoneAsync(new ImportMembers(List, "bob@example.org\n", "fair.csv", Wording: "I want the monthly news."));
        Time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(new RemoveMember(List, Bob, "by mail from [192.0.2.1]"));
        Time.Advance(TimeSpan.FromDays(1));
        var asker = new Asker("192.0.2.1", IsAuthenticated: true, "by mail from [192.0.2.1]");
        await DoneAsync(new ConfirmByToken((await DoneAsync(new RequestJoin(List, Bob, asker))).Token, "by mail from [192.0.2.2]"));
        Time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(new LeaveByToken(MemberToken.Make(Store.Secret.Span, MemberToken.Leave, List, Bob)));
        Time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(new AddMember(List, Bob) { Wording = "Signed on paper." });
        await ReopenAsync();

        (await DoneAsync(new BrowseConsents(List, "BOB@example.org"))).ShouldBe(
        [
            new Consent(List, Bob, Start.AddDays(4), "added by ken", "Signed on paper."),
            new Consent(
                List, Bob, Start.AddDays(2), "double opt-in; asked for by mail from [192.0.2.1]; confirmed by mail from [192.0.2.2]",
                "Do you, bob@example.org, want News?", Start.AddDays(3), "left by the link in a copy"),
            new Consent(List, Bob, Start, "imported from fair.csv by ken", "I want the monthly news.", Start.AddDays(1), "left by mail from [192.0.2.1]"),
        ]);
    }

    [Fact]
    public async Task Who_never_consented_is_not_found()
    {
        (await Desk.RunAsync(new BrowseConsents(List, Bob), Cancel)).ShouldBeOfType<Outcome<IReadOnlyList<Consent>>.Refused>().Kind.ShouldBe(Refusal.NotFound);
        await DoneAsync(new AddMember(List, "bob@example.org.uk"));
        (await Desk.RunAsync(new BrowseConsents(List, Bob), Cancel)).ShouldBeOfType<Outcome<IReadOnlyList<Consent>>.Refused>();
    }

    [Fact]
    public async Task A_change_by_the_operator_leaves_the_wording_as_it_is()
    {
        await DoneAsync(new AddMember(List, Bob) { Wording = "Signed on paper." });
        await DoneAsync(new AddMember(List, Bob) { Role = MemberRole.Owner, Wording = "Something else." });
        Store.FindMember(List, Bob)!.Wording.ShouldBe("Signed on paper.");
    }
}
