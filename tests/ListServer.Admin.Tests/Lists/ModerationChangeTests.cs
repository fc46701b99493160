using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Moderation;

namespace ListServer.Admin.Tests.Lists;

/// <summary>Rules of moderation are checked when they are saved, and nothing is half-applied.</summary>
public sealed class ModerationChangeTests : AdminStage
{
    private const string Talk = "talk@lists.example";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new CreateList(Talk));
    }

    [Fact]
    public void A_new_list_begins_as_owners_expect() // LIST-default
    {
        var rules = Store.FindList(Talk)!.Moderation;
        (rules.MaxRecipients, rules.HoldsAdministrivia, rules.RequiresDestination, rules.Nonmembers).ShouldBe((10, true, true, AuthorAction.Hold));
    }

    [Fact]
    public async Task What_is_named_changes_and_the_rest_stays()
    {
        await ChangeAsync(new ModerationChange
        {
            Aliases = "old@lists.example, *@mirror.example",
            SpamHoldScore = "5.5",
            SpamRejectScore = "15",
            HeaderMatches = "hold Subject: x",
            MaxPostsADay = 7,
        });
        await ChangeAsync(new ModerationChange { SpamRejectScore = "off", IsEmergency = true });

        Store.FindList(Talk)!.Moderation.ShouldSatisfyAllConditions(
            rules => rules.Aliases.ShouldBe(["old@lists.example", "*@mirror.example"]),
            rules => rules.SpamHoldScore.ShouldBe(5.5),
            rules => rules.SpamRejectScore.ShouldBeNull(),
            rules => rules.HeaderMatches.ShouldBe([new HeaderMatch("Subject", "x", AuthorAction.Hold)]),
            rules => rules.MaxPostsADay.ShouldBe(7),
            rules => rules.IsEmergency.ShouldBeTrue(),
            rules => rules.MaxRecipients.ShouldBe(10));
    }

    [Theory]
    [InlineData("spam", "high", "'high' is no spam score to hold. Give a number such as 5.5, or off.")]
    [InlineData("headers", "hold Subject: x\nhold Subject: (", "Line 2: the pattern '(' is no regular expression")]
    [InlineData("aliases", "old", "'old' is no address.")]
    [InlineData("recipients", "-1", "can't be less than 0")]
    public async Task A_setting_that_can_t_be_used_changes_nothing(string setting, string value, string words)
    {
        var before = Store.FindList(Talk);
        var change = new ModerationChange
        {
            IsEmergency = true,
            SpamHoldScore = setting is "spam" ? value : null,
            HeaderMatches = setting is "headers" ? value : null,
            Aliases = setting is "aliases" ? value : null,
            MaxRecipients = setting is "recipients" ? -1 : null,
        };

        (await ChangeAsync(change)).ShouldBeOfType<Outcome<MailingList>.Refused>().Message.ShouldContain(words);

        Store.FindList(Talk).ShouldBe(before);
    }

    private Task<Outcome<MailingList>> ChangeAsync(ModerationChange change) =>
        Desk.RunAsync(new ChangeList(Talk, new ListSettings { Moderation = change }), Cancel);
}
