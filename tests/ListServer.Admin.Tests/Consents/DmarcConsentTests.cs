using ListServer.Admin.Audit;
using ListServer.Admin.Consents;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Consents;
using ListServer.Store.Changes;

namespace ListServer.Admin.Tests.Consents;

/// <summary>Consent to filtering and reporting: explained, recorded, revocable (AUTH-84, LIST-leaflet).</summary>
public sealed class DmarcConsentTests : AdminStage
{
    private const string Domain = "lists.example";

    [Fact]
    public async Task Who_agreed_when_where_and_to_which_words_is_kept_over_a_restart()
    {
        (await DoneAsync(new ShowDmarcConsent(Domain))).States.Select(state => (state.Purpose, state.Stands)).ShouldBe([(ConsentPurpose.Filtering, false), (ConsentPurpose.Reporting, false)]);
        var given = await DoneAsync(Give(Domain, ConsentPurpose.Reporting, "ja"));
        await ReopenAsync();

        Store.HasDmarcConsent(Domain, ConsentPurpose.Reporting).ShouldBeTrue();
        Store.HasDmarcConsent(Domain, ConsentPurpose.Filtering).ShouldBeFalse();
        (await DoneAsync(new BrowseDmarcConsents())).ShouldBe([given]);
        (given.GivenBy, given.GivenAt, given.Face, given.Language, given.Version).ShouldBe(("ken", Start, "web page", "ja", ConsentWording.Version));
        given.Wording.ShouldBe(ConsentWording.Of(ConsentPurpose.Reporting, "ja", Domain));
    }

    [Fact]
    public async Task A_consent_that_is_withdrawn_no_longer_stands_and_all_that_was_agreed_to_is_history()
    {
        await DoneAsync(Give(List, ConsentPurpose.Filtering));
        Time.Advance(TimeSpan.FromDays(1));
        (await DoneAsync(new WithdrawDmarcConsent(List, ConsentPurpose.Filtering))).ShouldSatisfyAllConditions(
            c => c.WithdrawnAt.ShouldBe(Start.AddDays(1)), c => c.WithdrawnBy.ShouldBe("ken"), c => c.Stands.ShouldBeFalse());
        (await RefusedAsync(new WithdrawDmarcConsent(List, ConsentPurpose.Filtering))).Kind.ShouldBe(Refusal.NotFound);
        Time.Advance(TimeSpan.FromDays(1));
        await DoneAsync(Give(List, ConsentPurpose.Filtering));

        (await DoneAsync(new BrowseDmarcConsents(WithFormer: true))).Select(c => (c.GivenAt, c.Stands)).ShouldBe([(Start, false), (Start.AddDays(2), true)]);
        (await DoneAsync(new BrowseAudit(List))).Select(entry => entry.Fields[0]).Select(field => (field.Name, field.Before, field.After)).ShouldBe(
        [
            ("consent to filtering", "withdrawn", $"given, words of {ConsentWording.Version} (en), web page"),
            ("consent to filtering", $"given, words of {ConsentWording.Version} (en), web page", "withdrawn"),
            ("consent to filtering", "", $"given, words of {ConsentWording.Version} (en), web page"),
        ]);
    }

    [Fact]
    public async Task A_domain_s_consent_holds_for_its_lists_which_can_t_withdraw_it()
    {
        await DoneAsync(Give(Domain, ConsentPurpose.Filtering));
        (await DoneAsync(new ShowDmarcConsent(List))).States.Single().ShouldSatisfyAllConditions(s => s.Stands.ShouldBeTrue(), s => s.Last.ShouldBeNull(), s => s.StandsByDomain.ShouldBeTrue());
        (await RefusedAsync(new WithdrawDmarcConsent(List, ConsentPurpose.Filtering))).Message.ShouldContain("--reject-forged false");
    }

    [Fact]
    public async Task Nobody_agrees_to_words_that_they_can_t_have_read()
    {
        (await RefusedAsync(new GiveDmarcConsent(Domain, ConsentPurpose.Filtering, "en", "2020-01", "web page"))).Message.ShouldContain("Read them first");
        (await RefusedAsync(new GiveDmarcConsent(Domain, ConsentPurpose.Filtering, "fr", ConsentWording.Version, "web page"))).Kind.ShouldBe(Refusal.Invalid);
        (await RefusedAsync(Give(List, ConsentPurpose.Reporting))).Message.ShouldContain("not for a list");
        (await RefusedAsync(Give("elsewhere.example", ConsentPurpose.Reporting))).Kind.ShouldBe(Refusal.NotFound);
        (await RefusedAsync(Give("none@lists.example", ConsentPurpose.Filtering))).Kind.ShouldBe(Refusal.NotFound);
        await DoneAsync(Give(Domain, ConsentPurpose.Reporting));
        (await RefusedAsync(Give(Domain, ConsentPurpose.Reporting))).Kind.ShouldBe(Refusal.Conflict);
    }

    [Fact]
    public async Task Who_makes_a_list_of_the_same_name_has_agreed_to_nothing()
    {
        await DoneAsync(Give(List, ConsentPurpose.Filtering));
        await DoneAsync(new RemoveList(List));
        await Store.CommitAsync(new ListSaved(new MailingList { LocalPart = "news", Domain = Domain, DisplayName = "News" }), Cancel);
        Store.HasDmarcConsent(List, ConsentPurpose.Filtering).ShouldBeFalse();
        (await DoneAsync(new BrowseDmarcConsents())).ShouldHaveSingleItem().WithdrawnBy.ShouldBe("ken");
    }

    [Theory] // AUTH-84: what a report never holds is part of what is agreed to.
    [InlineData("en", "no subject")]
    [InlineData("ja", "件名")]
    public void The_words_name_the_list_and_say_what_reports_never_hold(string language, string said)
    {
        ConsentWording.Of(ConsentPurpose.Reporting, language, Domain).ShouldContain(said);
        foreach (var purpose in Enum.GetValues<ConsentPurpose>())
        {
            ConsentWording.Of(purpose, language, Domain).ShouldSatisfyAllConditions(w => w.ShouldContain(Domain), w => w.ShouldNotContain("{"), w => w.ShouldNotContain("\r"));
        }
    }

    private static GiveDmarcConsent Give(string scope, ConsentPurpose purpose, string language = "en") => new(scope, purpose, language, ConsentWording.Version, "web page");
}
