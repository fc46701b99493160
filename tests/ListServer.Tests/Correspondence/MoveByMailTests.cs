using ListServer.Admin.Bans;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Tests.Correspondence;

/// <summary>A change of address, confirmed at both (issue 5, item 1; AUTH-83, AUTH-97).</summary>
public sealed class MoveByMailTests : ListStage
{
    private const string Ann = "ann@signed.example";
    private const string New = "ann@plain.example";
    private const string Request = "news-request@lists.example";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new AddMember(List, Ann) { DisplayName = "Ann", Role = MemberRole.Moderator });
        await DoneAsync(new SetMember(List, Ann) { Delivery = DeliveryChoice.MimeDigest });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_moves_once_both_have_agreed_in_whichever_order_with_role_and_settings(bool isNewFirst)
    {
        await SendAsync(Ann, Request, $"chaddr {New}");
        var asked = (await SentAsync()).Where(mail => mail.Field("Subject") == "Please confirm: change of address on News?").OrderBy(mail => mail.Recipients[0] == New != isNewFirst).ToList();
        asked.Select(mail => mail.Recipients.Single()).ShouldBe(isNewFirst ? [New, Ann] : [Ann, New]);

        await AnswerAsync(asked[0]);
        Store.FindMember(List, Ann).ShouldNotBeNull();
        Store.FindMember(List, New).ShouldBeNull();
        await AnswerAsync(asked[1]);

        Store.FindMember(List, Ann).ShouldBeNull();
        Store.FindMember(List, New).ShouldNotBeNull().ShouldSatisfyAllConditions(
            m => m.Role.ShouldBe(MemberRole.Moderator), m => m.Delivery.ShouldBe(DeliveryMode.MimeDigest), m => m.DisplayName.ShouldBe("Ann"),
            m => m.Source.ShouldContain($"moved from {Ann} as asked for by mail"));
        Store.Consents(List, Ann).ShouldHaveSingleItem().WithdrawnBy.ShouldStartWith($"moved to {New}");
        (await SendAsync(Ann, asked[0].Field("Reply-To").Trim('<', '>'))).ShouldStartWith("550");
    }

    [Fact]
    public async Task Nobody_but_the_member_sets_it_off_and_a_stranger_is_written_to_twice_a_day_at_the_most()
    {
        await SendAsync(Write(Ann, $"chaddr {New}", isForged: true), Ann, Request);
        await SendAsync("eve@signed.example", Request, $"chaddr {New}");
        (await SentAsync()).ShouldAllBe(mail => !mail.Recipients.Contains(New));

        await DoneAsync(new AddMember(List, "eve@signed.example"));
        await DoneAsync(new AddMember(List, "mia@signed.example"));
        foreach (var member in new[] { Ann, "eve@signed.example", "mia@signed.example" })
        {
            await SendAsync(member, Request, $"chaddr {New}");
        }

        (await SentAsync()).Count(mail => mail.Recipients.Contains(New)).ShouldBe(2);
    }

    [Fact]
    public async Task The_operator_moves_at_once_and_is_refused_in_words()
    {
        await DoneAsync(new AddMember(List, "ben@plain.example"));
        await DoneAsync(new AddBan("banned.example"));
        (await RefusedAsync(new MoveMember(List, Ann, "ben@plain.example"))).ShouldContain("is on news@lists.example already");
        (await RefusedAsync(new MoveMember(List, Ann, "ann@banned.example"))).ShouldContain("is banned");
        (await RefusedAsync(new MoveMember(List, Ann, List))).ShouldContain("is a list");
        (await RefusedAsync(new MoveMember(List, Ann, "nonsense"))).ShouldContain("has no @");
        (await RefusedAsync(new MoveMember(List, "none@plain.example", New))).ShouldContain("is not on");
        (await DoneAsync(new MoveMember(List, Ann, New))).Role.ShouldBe(MemberRole.Moderator);
        (await DoneAsync(new MoveMember(List, New, "Ann@plain.example"))).Address.ShouldBe("Ann@plain.example");
        Store.CountMembers(List).ShouldBe(3);
    }

    private async Task AnswerAsync(Delivered question) =>
        (await SendAsync(question.Recipients.Single(), question.Field("Reply-To").Trim('<', '>'))).ShouldStartWith("250");
}
