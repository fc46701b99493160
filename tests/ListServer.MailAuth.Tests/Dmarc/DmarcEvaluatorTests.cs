using System.Collections.Immutable;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Tests.Dmarc;

/// <summary>RFC 9989: AUTH-1 … AUTH-11, AUTH-27.</summary>
public sealed class DmarcEvaluatorTests
{
    private static readonly SpfResult NoSpf = new(SpfVerdict.None, "", "");

    private static SpfResult Spf(string domain, SpfVerdict verdict = SpfVerdict.Pass) => new(verdict, domain, "");

    private static DkimResult Dkim(string domain, DkimVerdict verdict = DkimVerdict.Pass, bool whole = true) =>
        new(verdict, domain, "s", "@" + domain, "rsa-sha256", "", whole);

    private static async Task<DmarcResult> EvaluateAsync(ZoneResolver zone, string author, SpfResult? spf = null, params DkimResult[] dkim) =>
        await new DmarcEvaluator(zone).EvaluateAsync(
            new AuthorResult("a@" + author, author, null, null), spf ?? NoSpf, [.. dkim], TestContext.Current.CancellationToken);

    private static string[] Walked(ZoneResolver zone) => [.. zone.Questions.Where(q => q.Type == DnsRecordType.Txt).Select(q => q.Name["_dmarc.".Length..])];

    [Fact]
    public async Task The_simple_example_of_RFC_9989_B_4_1_passes_by_both()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=reject").Txt("_dmarc.signing.example.com", "v=DMARC1; p=none");
        var result = await EvaluateAsync(zone, "example.com", Spf("example.com"), Dkim("signing.example.com"));
        (result.Verdict, result.SpfAligned, result.DkimAligned).ShouldBe((DmarcVerdict.Pass, true, true));
        (result.RecordDomain, result.OrganizationalDomain, result.Policy).ShouldBe(("example.com", "example.com", DmarcPolicy.Reject));
        Walked(zone).ShouldBe(["example.com", "com", "signing.example.com"]);
    }

    [Fact]
    public async Task The_deep_example_of_RFC_9989_B_4_2_asks_eight_names()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=reject; sp=quarantine").A("a.b.c.d.e.f.g.h.i.j.k.example.com", "192.0.2.1");
        var result = await EvaluateAsync(zone, "a.b.c.d.e.f.g.h.i.j.k.example.com", Spf("example.com", SpfVerdict.Fail));
        (result.Verdict, result.RecordDomain, result.Policy).ShouldBe((DmarcVerdict.Fail, "example.com", DmarcPolicy.Quarantine));
        Walked(zone).ShouldBe(
        [
            "a.b.c.d.e.f.g.h.i.j.k.example.com", "g.h.i.j.k.example.com", "h.i.j.k.example.com", "i.j.k.example.com",
            "j.k.example.com", "k.example.com", "example.com", "com",
        ]);
    }

    [Theory]
    [InlineData("a.b.c.d.e.f.example.com", 8)]
    [InlineData("a.b.c.d.e.example.com", 7)]
    [InlineData("com", 1)]
    public async Task A_walk_is_never_longer_than_eight_names(string author, int names)
    {
        var zone = new ZoneResolver();
        (await EvaluateAsync(zone, author)).Verdict.ShouldBe(DmarcVerdict.None);
        Walked(zone).Length.ShouldBe(names);
    }

    [Fact]
    public async Task The_bank_example_of_RFC_9989_B_4_3_keeps_siblings_apart()
    {
        var zone = new ZoneResolver()
            .Txt("_dmarc.bank.example", "v=DMARC1; p=reject; psd=y")
            .Txt("_dmarc.giant.bank.example", "v=DMARC1; p=quarantine");
        var result = await EvaluateAsync(zone, "giant.bank.example", Spf("mail.giant.bank.example"), Dkim("mail.mega.bank.example"));
        (result.Verdict, result.SpfAligned, result.DkimAligned).ShouldBe((DmarcVerdict.Pass, true, false));
        (result.OrganizationalDomain, result.RecordDomain).ShouldBe(("giant.bank.example", "giant.bank.example"));
        Walked(zone).ShouldNotContain("example");
    }

    [Fact]
    public async Task A_public_suffix_speaks_for_names_without_a_record()
    {
        var zone = new ZoneResolver().Txt("_dmarc.bank.example", "v=DMARC1; p=none; sp=quarantine; np=reject; psd=y").A("real.bank.example", "192.0.2.1");
        var real = await EvaluateAsync(zone, "real.bank.example", Spf("other.bank.example"));
        (real.Verdict, real.Policy, real.RecordDomain, real.OrganizationalDomain)
            .ShouldBe((DmarcVerdict.Fail, DmarcPolicy.Quarantine, "bank.example", "real.bank.example"));
        (await EvaluateAsync(zone, "ghost.bank.example")).Policy.ShouldBe(DmarcPolicy.Reject);
        (await EvaluateAsync(zone, "bank.example")).Policy.ShouldBe(DmarcPolicy.None);
    }

    [Fact]
    public async Task Psd_n_ends_the_organization_below_a_higher_record()
    {
        var zone = new ZoneResolver()
            .Txt("_dmarc.example.com", "v=DMARC1; p=none")
            .Txt("_dmarc.unit.example.com", "v=DMARC1; p=reject; psd=n");
        (await EvaluateAsync(zone, "a.unit.example.com", Spf("b.unit.example.com"))).Verdict.ShouldBe(DmarcVerdict.Pass);
        (await EvaluateAsync(zone, "a.unit.example.com", Spf("example.com"))).Verdict.ShouldBe(DmarcVerdict.Fail);
        (await EvaluateAsync(zone, "example.com", Spf("a.unit.example.com"))).Verdict.ShouldBe(DmarcVerdict.Fail);
    }

    [Theory]
    [InlineData("reject", DmarcPolicy.Reject, DmarcPolicy.Quarantine)]
    [InlineData("quarantine", DmarcPolicy.Quarantine, DmarcPolicy.None)]
    [InlineData("none", DmarcPolicy.None, DmarcPolicy.None)]
    public async Task A_test_asks_for_one_level_less_and_keeps_the_policy_in_sight(string p, DmarcPolicy policy, DmarcPolicy disposition)
    {
        var result = await EvaluateAsync(new ZoneResolver().Txt("_dmarc.example.com", $"v=DMARC1; p={p}; t=y"), "example.com");
        (result.Policy, result.Disposition, result.IsTesting).ShouldBe((policy, disposition, true));
    }

    [Fact]
    public async Task A_name_that_exists_without_addresses_is_no_ghost()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=none; np=reject").Txt("text.example.com", "hello").Txt("below.empty.example.com", "x");
        (await EvaluateAsync(zone, "text.example.com")).Policy.ShouldBe(DmarcPolicy.None);
        (await EvaluateAsync(zone, "empty.example.com")).Policy.ShouldBe(DmarcPolicy.None);
        (await EvaluateAsync(zone, "ghost.example.com")).Policy.ShouldBe(DmarcPolicy.Reject);
    }

    [Theory]
    [InlineData("v=DMARC1", DmarcVerdict.None)]
    [InlineData("v=DMARC1; p=maybe", DmarcVerdict.None)]
    [InlineData("v=DMARC1; p=reject; sp=maybe", DmarcVerdict.None)]
    [InlineData("v=DMARC1; p=reject; np=maybe", DmarcVerdict.None)]
    [InlineData("v=DMARC1; p=maybe; rua=dmarc@example.com", DmarcVerdict.None)]
    [InlineData("v=DMARC1; p=maybe; rua=mailto:", DmarcVerdict.None)]
    [InlineData("v=DMARC1; rua=mailto:dmarc@example.com!10m", DmarcVerdict.Fail)]
    [InlineData("v=DMARC1; p=reject; np=maybe; rua=nonsense, https://example.com/r", DmarcVerdict.Fail)]
    public async Task Policies_that_are_not_all_valid_count_as_none_if_there_is_somewhere_to_report_to(string record, DmarcVerdict verdict)
    {
        var result = await EvaluateAsync(new ZoneResolver().Txt("_dmarc.example.com", record), "example.com");
        result.Verdict.ShouldBe(verdict);
        result.Policy.ShouldBe(verdict == DmarcVerdict.Fail ? DmarcPolicy.None : null);
    }

    [Fact]
    public async Task Several_records_at_one_name_are_none_and_the_walk_goes_on()
    {
        var zone = new ZoneResolver()
            .Txt("_dmarc.sub.example.com", "v=DMARC1; p=none").Txt("_dmarc.sub.example.com", "v=DMARC1; p=reject")
            .Txt("_dmarc.example.com", "v=spf1 -all").Txt("_dmarc.example.com", "v=DMARC1; p=quarantine");
        (await EvaluateAsync(zone, "sub.example.com")).Policy.ShouldBe(DmarcPolicy.Quarantine);
    }

    [Theory]
    [InlineData("_dmarc.sub.example.com")]
    [InlineData("_dmarc.example.com")]
    [InlineData("_dmarc.com")]
    public async Task A_failure_on_the_walk_is_a_temporary_error(string name)
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=reject").Fail(name, "TXT");
        var result = await EvaluateAsync(zone, "sub.example.com", Spf("sub.example.com"));
        (result.Verdict, result.Policy, result.Disposition).ShouldBe((DmarcVerdict.TempError, null, DmarcPolicy.None));
    }

    [Fact]
    public async Task A_failure_beside_an_own_record_matters_only_where_the_walk_is_needed()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=reject").Fail("_dmarc.com", "TXT");
        (await EvaluateAsync(zone, "example.com", Spf("example.com"))).Verdict.ShouldBe(DmarcVerdict.Pass);
        (await EvaluateAsync(zone, "example.com", Spf("example.net"))).Verdict.ShouldBe(DmarcVerdict.Fail);
        (await EvaluateAsync(zone, "example.com", Spf("sub.example.com"))).Verdict.ShouldBe(DmarcVerdict.TempError);
    }

    [Fact]
    public async Task A_mechanism_that_could_not_be_checked_leaves_the_result_open_only_if_it_is_aligned()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=reject");
        var open = await EvaluateAsync(zone, "example.com", Spf("sub.example.com", SpfVerdict.TempError));
        (open.Verdict, open.Policy, open.Disposition).ShouldBe((DmarcVerdict.TempError, DmarcPolicy.Reject, DmarcPolicy.None));
        (await EvaluateAsync(zone, "example.com", null, Dkim("example.com", DkimVerdict.TempError))).Verdict.ShouldBe(DmarcVerdict.TempError);
        (await EvaluateAsync(zone, "example.com", Spf("example.net", SpfVerdict.TempError))).Verdict.ShouldBe(DmarcVerdict.Fail);
        (await EvaluateAsync(zone, "example.com", Spf("example.com", SpfVerdict.TempError), Dkim("example.com"))).Verdict.ShouldBe(DmarcVerdict.Pass);
    }

    [Fact]
    public async Task An_unknown_existence_leaves_only_a_fail_open()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=none; np=reject").Fail("sub.example.com", "A");
        (await EvaluateAsync(zone, "sub.example.com")).Verdict.ShouldBe(DmarcVerdict.TempError);
        (await EvaluateAsync(zone, "sub.example.com", Spf("sub.example.com"))).Verdict.ShouldBe(DmarcVerdict.Pass);
    }

    [Fact]
    public async Task A_signature_that_leaves_out_body_octets_authenticates_nobody()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=reject");
        (await EvaluateAsync(zone, "example.com", null, Dkim("example.com", whole: false))).Verdict.ShouldBe(DmarcVerdict.Fail);
        (await EvaluateAsync(zone, "example.com", null, Dkim("example.com", whole: false), Dkim("example.com"))).Verdict.ShouldBe(DmarcVerdict.Pass);
    }

    [Fact]
    public async Task Without_an_author_there_is_nothing_to_evaluate()
    {
        var zone = new ZoneResolver();
        var result = await new DmarcEvaluator(zone).EvaluateAsync(
            new AuthorResult(null, null, null, "there is more than one From field"), Spf("example.com"), [], TestContext.Current.CancellationToken);
        (result.Verdict, result.Reason).ShouldBe((DmarcVerdict.PermError, "there is more than one From field"));
        zone.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_foreign_signers_cost_no_questions()
    {
        var zone = new ZoneResolver().Txt("_dmarc.example.com", "v=DMARC1; p=reject");
        ImmutableArray<DkimResult> foreign = [.. Enumerable.Range(0, 10).Select(i => Dkim($"a.b.c.d.e{i}.example.net"))];
        await EvaluateAsync(zone, "example.com", Spf("example.org"), [.. foreign]);
        Walked(zone).ShouldBe(["example.com"]);
    }
}
