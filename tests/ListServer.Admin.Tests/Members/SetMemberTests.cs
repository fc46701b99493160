using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Admin.Tests.Members;

/// <summary>How a member receives a list (issue 5, item 1).</summary>
public sealed class SetMemberTests : AdminStage
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new AddMember(List, Bob));
    }

    [Theory]
    [InlineData(DeliveryChoice.MimeDigest, DeliveryMode.MimeDigest)]
    [InlineData(DeliveryChoice.PlainDigest, DeliveryMode.PlainDigest)]
    [InlineData(DeliveryChoice.DailySummary, DeliveryMode.DailySummary)]
    public async Task Who_chose_a_digest_or_summary_is_among_the_receivers_of_posts_no_more(DeliveryChoice choice, DeliveryMode mode)
    {
        (await DoneAsync(new SetMember(List, "BOB@example.org") { Delivery = choice })).Delivery.ShouldBe(mode);

        Store.Receivers(List).Count.ShouldBe(0);
        await ReopenAsync();
        Store.FindMember(List, Bob)!.ShouldSatisfyAllConditions(m => m.Delivery.ShouldBe(mode), m => m.IsReceiving.ShouldBeTrue());
        await DoneAsync(new SetMember(List, Bob) { Delivery = DeliveryChoice.Regular });
        Store.Receivers(List).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_pause_ends_by_itself_on_its_date_and_brings_back_what_was_chosen_before()
    {
        await DoneAsync(new AddMember(List, "mia@example.net"));
        await DoneAsync(new SetMember(List, "mia@example.net") { Delivery = DeliveryChoice.Paused, Until = Start.AddDays(9) });
        await DoneAsync(new SetMember(List, Bob) { Delivery = DeliveryChoice.Paused, Until = Start.AddDays(3) });
        Store.Receivers(List).Count.ShouldBe(0);

        Time.Advance(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        Store.Receivers(List).Count.ShouldBe(0);
        Time.Advance(TimeSpan.FromSeconds(1));
        Store.Receivers(List).Destinations.Single().Addresses.ShouldBe([Bob]);
        Time.Advance(TimeSpan.FromDays(6));
        Store.Receivers(List).Count.ShouldBe(2);
    }

    [Fact]
    public async Task No_mail_keeps_the_subscription_and_ends_a_pause()
    {
        await DoneAsync(new SetMember(List, Bob) { Delivery = DeliveryChoice.Paused, Until = Start.AddDays(3) });
        await DoneAsync(new SetMember(List, Bob) { Delivery = DeliveryChoice.NoMail });

        Time.Advance(TimeSpan.FromDays(4));
        Store.Receivers(List).Count.ShouldBe(0);
        Store.FindMember(List, Bob)!.PausedUntil.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_named_stays()
    {
        await DoneAsync(new SetMember(List, Bob) { Role = MemberRole.Moderator, DisplayName = " Bob ", OwnCopies = false, AvoidsDuplicates = true });
        (await DoneAsync(new SetMember(List, Bob) { OwnCopies = true })).ShouldSatisfyAllConditions(
            m => m.Role.ShouldBe(MemberRole.Moderator), m => m.DisplayName.ShouldBe("Bob"), m => m.OwnCopies.ShouldBeTrue(), m => m.AvoidsDuplicates.ShouldBeTrue());
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_in_words_and_changes_nothing()
    {
        var before = Store.FindMember(List, Bob);
        var set = new SetMember(List, Bob);
        (await RefusedAsync(set)).Message.ShouldBe("Nothing was named that is to change.");
        (await RefusedAsync(set with { Delivery = DeliveryChoice.Paused })).Message.ShouldContain("needs the date");
        (await RefusedAsync(set with { Delivery = DeliveryChoice.NoMail, Until = Start.AddDays(1) })).Message.ShouldContain("Only a pause");
        (await RefusedAsync(set with { Until = Start.AddDays(1) })).Message.ShouldContain("Only a pause");
        (await RefusedAsync(set with { Delivery = DeliveryChoice.Paused, Until = Start })).Message.ShouldContain("in the future");
        (await RefusedAsync(set with { Delivery = DeliveryChoice.Paused, Until = Start.AddYears(2) })).Message.ShouldContain("a year at the most");
        (await RefusedAsync(set with { DisplayName = "Bob\r\nBcc: all" })).Message.ShouldContain("control characters");
        (await RefusedAsync(new SetMember(List, "eve@example.org") { OwnCopies = true })).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(new SetMember("none@lists.example", Bob) { OwnCopies = true })).Kind.ShouldBe(Refusal.NotFound);
        Store.FindMember(List, Bob).ShouldBe(before);
    }
}
