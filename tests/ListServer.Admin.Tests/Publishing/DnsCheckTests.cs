using System.Text;
using ListServer.Admin.Domains;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.Publishing;
using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Store.Changes;

namespace ListServer.Admin.Tests.Publishing;

/// <summary>What stands in DNS against what should: each fault has one cause and one cure.</summary>
public sealed class DnsCheckTests : DnsStage
{
    [Fact]
    public async Task Records_as_they_are_shown_are_right()
    {
        var report = await DoneAsync(new CheckDns());

        report.Domains.Single().Rows.Select(row => (row.Purpose, row.State)).ShouldBe(
            [("MX", DnsState.Good), ("SPF", DnsState.Good), ("DKIM", DnsState.Good), ("DMARC", DnsState.Good), ("MTA-STS", DnsState.Good), ("TLS-RPT", DnsState.Good)]);
        report.Server.Select(row => (row.Purpose, row.State)).ShouldBe([("Host name", DnsState.Good), ("PTR", DnsState.Good)]);
        (report.Faults, report.Unasked).ShouldBe((0, 0));
    }

    [Fact]
    public async Task The_shown_records_are_exact_and_a_long_key_stands_in_strings_of_255_octets() // RFC 1035 §3.3
    {
        var shown = await DoneAsync(new ShowDns(Domain));

        shown.Zone.ShouldContain($"{Domain}. IN MX 10 {Host}.\n{Domain}. IN TXT \"{Spf}\"\n");
        shown.Zone.ShouldContain($"{KeyName}. IN TXT ( \"{Key.DnsRecord[..255]}\" \"{Key.DnsRecord[255..]}\" )\n");
        shown.Zone.ShouldContain($"; in another zone: 25.2.0.192.in-addr.arpa. IN PTR {Host}.\n");
        shown.StsPolicy.ShouldBe($"version: STSv1\nmode: testing\nmx: {Host}\nmax_age: 604800\n");
        shown.StsPolicyAt.ShouldBe("https://mta-sts.lists.example/.well-known/mta-sts.txt");
    }

    [Fact]
    public async Task Reports_to_another_domain_need_its_permission() // AUTH-18
    {
        await FaceAsync(new PublicFace(Host) { ReportsTo = "dmarc@reports.test" });
        (await DoneAsync(new ShowDns(Domain))).Zone.ShouldContain("; in another zone: lists.example._report._dmarc.reports.test. IN TXT \"v=DMARC1\"\n");

        Dns.Text("_dmarc.lists.example", "v=DMARC1; p=reject; rua=mailto:dmarc@reports.test");
        var fault = await FaultAsync("DMARC reports", DnsFaultKind.DmarcNoPermission);
        fault.Cause.ShouldStartWith("Reports about lists.example are to go to reports.test, which does not say that it takes them");
        fault.Record.ShouldBe("lists.example._report._dmarc.reports.test. IN TXT \"v=DMARC1\"");

        Dns.Text("lists.example._report._dmarc.reports.test", "v=DMARC1");
        (await RowAsync("DMARC reports")).State.ShouldBe(DnsState.Good);
    }

    [Fact]
    public async Task Reports_to_a_name_of_the_same_organization_need_none()
    {
        Dns.Text("_dmarc.example.org", "v=DMARC1; p=none").Text("_dmarc.lists.example", "v=DMARC1; p=reject; rua=mailto:a@other.lists.example");

        (await DoneAsync(new CheckDns(Domain))).Domains.Single().Rows.ShouldNotContain(row => row.Purpose == "DMARC reports");
    }

    [Theory]
    [InlineData("MX", DnsFaultKind.MxMissing, "lists.example has no MX record.")]
    [InlineData("SPF", DnsFaultKind.SpfMissing, "lists.example has no SPF record.")]
    [InlineData("DKIM", DnsFaultKind.DkimMissing, "There is no record of the key s1")]
    [InlineData("DMARC", DnsFaultKind.DmarcMissing, "No DMARC record applies to lists.example.")]
    public async Task A_record_that_is_missing_is_given_to_copy(string purpose, DnsFaultKind kind, string cause)
    {
        switch (purpose)
        {
            case "MX":
                Dns.Exchanger(Domain);
                break;
            case "SPF":
                Dns.Text(Domain, "v=spf10 -all");
                break;
            case "DKIM":
                Dns.Without(KeyName);
                break;
            default:
                Dns.Without("_dmarc." + Domain);
                break;
        }

        var fault = await FaultAsync(purpose, kind);
        fault.Cause.ShouldStartWith(cause);
        fault.Cure.ShouldBe("Put this record there.");
        (await DoneAsync(new ShowDns(Domain))).Zone.ShouldContain(fault.Record + "\n");
    }

    [Theory]
    [InlineData("MX", "lists.example")]
    [InlineData("MX", "mx.lists.example")]
    [InlineData("SPF", "lists.example")]
    [InlineData("DKIM", "s1._domainkey.lists.example")]
    [InlineData("DMARC", "_dmarc.lists.example")]
    [InlineData("MTA-STS", "_mta-sts.lists.example")]
    [InlineData("TLS-RPT", "_smtp._tls.lists.example")]
    public async Task Where_DNS_gives_no_answer_nothing_is_called_missing(string purpose, string name)
    {
        Dns.Fails(name);
        var report = await DoneAsync(new CheckDns(Domain));
        var row = report.Domains.Single().Rows.First(row => row.Purpose == purpose);

        row.State.ShouldBe(DnsState.Unasked);
        row.Fault!.Cause.ShouldContain("could not be asked: ");
        report.Faults.ShouldBe(0);
        report.Unasked.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_server_s_name_and_the_names_of_its_addresses_lead_to_each_other() // AUTH-74
    {
        Dns.Pointer(Sender, "pool-25.isp.test");
        (await FaultAsync("PTR", DnsFaultKind.PointerNotBack)).Cause.ShouldBe("The address 192.0.2.25 is called pool-25.isp.test, but that name does not lead back to the address.");

        Dns.Without("25.2.0.192.in-addr.arpa");
        (await FaultAsync("PTR", DnsFaultKind.PointerMissing)).Record.ShouldBe($"25.2.0.192.in-addr.arpa. IN PTR {Host}.");

        Dns.Fails("25.2.0.192.in-addr.arpa");
        (await DoneAsync(new CheckDns(Domain))).Server.Last().State.ShouldBe(DnsState.Unasked);
    }

    [Fact]
    public async Task A_server_whose_name_has_no_address_is_told_so_once()
    {
        await FaceAsync(new PublicFace("nowhere.test") { MailExchangers = [Host] });
        Policy = new StsSeen("testing", [], null);

        (await FaultAsync("Host name", DnsFaultKind.HostMissing)).Cure.ShouldContain("set HostName to the name that this machine has in DNS");
    }

    [Fact]
    public async Task An_MX_may_not_be_null_an_alias_somebody_else_s_or_without_address()
    {
        Dns.Exchanger(Domain, "");
        (await FaultAsync("MX", DnsFaultKind.MxNull)).Record.ShouldBe($"{Domain}. IN MX 10 {Host}.");

        Dns.Exchanger(Domain, "mail.lists.example").Alias("mail.lists.example", Host);
        (await FaultAsync("MX", DnsFaultKind.MxAlias)).Cause.ShouldBe($"The MX of {Domain} names mail.lists.example, which is an alias (CNAME) of {Host}.");

        Dns.Exchanger(Domain, "mx.else.test").Address("mx.else.test", "198.51.100.1");
        (await FaultAsync("MX", DnsFaultKind.MxElsewhere)).Cure.ShouldContain("Publish:MailExchangers");

        Dns.Exchanger(Domain, "gone.lists.example");
        (await FaultAsync("MX", DnsFaultKind.MxNoAddress)).Cause.ShouldContain("gone.lists.example, which has no address");
    }

    [Fact]
    public async Task A_gateway_in_front_is_right_when_the_operator_names_it()
    {
        await FaceAsync(new PublicFace(Host) { MailExchangers = ["mx.else.test"] });
        Dns.Exchanger(Domain, "mx.else.test").Address("mx.else.test", "198.51.100.1");

        (await RowAsync("MX")).State.ShouldBe(DnsState.Good);
        (await DoneAsync(new ShowDns(Domain))).StsPolicy!.ShouldContain("mx: mx.else.test\n");
    }

    [Theory]
    [InlineData("v=DMARC1; p=rejct", "p=rejct", "\"v=DMARC1; p=none\"")]
    [InlineData("v=DMARC1; rua=mailto:a@lists.example", "p= is missing", "\"v=DMARC1; p=none; rua=mailto:a@lists.example\"")]
    [InlineData("v=DMARC1; p=none; adkim=strict", "adkim=strict", "\"v=DMARC1; p=none\"")]
    [InlineData("v=DMARC1; p=none; rua=a@lists.example", "rua=a@lists.example", "\"v=DMARC1; p=none\"")]
    [InlineData("v=DMARC1; p=none; policy=reject", "policy=reject", "\"v=DMARC1; p=none\"")]
    [InlineData("v=DMARC1; p=none; p=reject", "p= stands there twice", "\"v=DMARC1; p=none\"")]
    [InlineData("v=DMARC1; p=none, rua=mailto:a@lists.example", "p=none, rua=mailto:a@lists.example", "\"v=DMARC1; p=none\"")]
    public async Task A_DMARC_tag_that_nobody_understands_is_named(string text, string tag, string mended) // RFC 9989 §4.7
    {
        Dns.Text("_dmarc." + Domain, text);
        var fault = await FaultAsync("DMARC", DnsFaultKind.DmarcTag);
        fault.Cause.ShouldBe($"The DMARC record has a tag that receivers don’t understand: {tag}.");
        fault.Record.ShouldBe($"_dmarc.{Domain}. IN TXT {mended}");
    }

    [Fact]
    public async Task A_DMARC_record_in_the_wrong_place_is_found_there()
    {
        const string Text = "v=DMARC1; p=quarantine";
        Dns.Without("_dmarc." + Domain).Text($"_dmarc.{Domain}.{Domain}", Text);
        var doubled = await FaultAsync("DMARC", DnsFaultKind.DmarcDoubled);
        doubled.Cause.ShouldStartWith("The DMARC record stands at _dmarc.lists.example.lists.example: the domain is in the name twice");
        doubled.Record.ShouldBe($"_dmarc.{Domain}. IN TXT \"{Text}\"");

        Dns.Without($"_dmarc.{Domain}.{Domain}").Text(Domain, Spf, Text);
        (await FaultAsync("DMARC", DnsFaultKind.DmarcAtDomain)).Record.ShouldBe($"_dmarc.{Domain}. IN TXT \"{Text}\"");
    }

    [Fact]
    public async Task Two_DMARC_records_and_one_that_does_not_begin_right_count_for_nothing() // AUTH-2
    {
        Dns.Text("_dmarc." + Domain, "v=DMARC1; p=none", "v=DMARC1; p=reject");
        (await FaultAsync("DMARC", DnsFaultKind.DmarcTwice)).Cause.ShouldContain("There are 2 DMARC records");

        Dns.Text("_dmarc." + Domain, "v=dmarc1; p=none");
        await FaultAsync("DMARC", DnsFaultKind.DmarcUnreadable);
    }

    [Fact]
    public async Task A_DMARC_record_above_the_domain_does_for_it_and_one_without_reports_could_be_better() // AUTH-3
    {
        Dns.Without("_dmarc." + Domain).Text("_dmarc.example", "v=DMARC1; p=reject; sp=quarantine; psd=n");
        (await RowAsync("DMARC")).ShouldSatisfyAllConditions(row => row.State.ShouldBe(DnsState.Good), row => row.Found.ShouldBe(["_dmarc.example: p=reject; sp=quarantine"]));

        Dns.Text("_dmarc." + Domain, "v=DMARC1; p=reject;");
        var row = await RowAsync("DMARC");
        (row.State, row.Fault!.Kind).ShouldBe((DnsState.Advice, DnsFaultKind.DmarcNoReports));
        row.Fault.Record.ShouldBe($"_dmarc.{Domain}. IN TXT \"v=DMARC1; p=reject; rua=mailto:dmarc-reports@{Domain}\"");
    }

    [Fact]
    public async Task A_TLS_policy_that_is_missing_is_advice_and_one_that_differs_a_fault() // RFC 8461, RFC 8460
    {
        Dns.Without("_mta-sts." + Domain).Without("_smtp._tls." + Domain);
        (await RowAsync("MTA-STS")).ShouldSatisfyAllConditions(row => row.State.ShouldBe(DnsState.Advice), row => row.Fault!.Kind.ShouldBe(DnsFaultKind.StsMissing));
        (await RowAsync("TLS-RPT")).ShouldSatisfyAllConditions(row => row.State.ShouldBe(DnsState.Advice), row => row.Fault!.Kind.ShouldBe(DnsFaultKind.TlsReportsMissing));

        Dns.Text("_mta-sts." + Domain, "v=STSv1; id=20260101").Text("_smtp._tls." + Domain, "v=TLSRPTv1;rua=mailto:x@y.test,https://r.test/tls");
        (await RowAsync("TLS-RPT")).State.ShouldBe(DnsState.Good);
        (await RowAsync("MTA-STS")).ShouldSatisfyAllConditions(row => row.State.ShouldBe(DnsState.Advice), row => row.Fault!.Kind.ShouldBe(DnsFaultKind.StsId));

        Policy = new StsSeen("enforce", [], null);
        (await FaultAsync("MTA-STS", DnsFaultKind.StsMode)).Cause.ShouldBe("The MTA-STS policy says mode enforce, and this server’s options say testing.");
        Policy = new StsSeen("testing", [Host], null);
        (await FaultAsync("MTA-STS", DnsFaultKind.StsHosts)).Cause.ShouldContain(Host);
        Policy = new StsSeen("", [], "the policy's host answered 404");
        (await FaultAsync("MTA-STS", DnsFaultKind.StsNoPolicy)).Cause.ShouldContain("the policy's host answered 404");
    }

    [Theory]
    [InlineData("_mta-sts.lists.example", "MTA-STS", DnsFaultKind.StsBroken, "v=STSv1; id=2026-11-24")]
    [InlineData("_mta-sts.lists.example", "MTA-STS", DnsFaultKind.StsBroken, "v=STSv1; id=1", "v=STSv1; id=2")]
    [InlineData("_mta-sts.lists.example", "MTA-STS", DnsFaultKind.StsBroken, "v=STSv1")]
    [InlineData("_smtp._tls.lists.example", "TLS-RPT", DnsFaultKind.TlsReportsBroken, "v=TLSRPTv1; rua=x@y.test")]
    [InlineData("_smtp._tls.lists.example", "TLS-RPT", DnsFaultKind.TlsReportsBroken, "v=TLSRPTv1")]
    [InlineData("_smtp._tls.lists.example", "TLS-RPT", DnsFaultKind.TlsReportsBroken, "v=TLSRPTv1; rua=mailto:a@b.test", "v=TLSRPTv1; rua=mailto:c@d.test")]
    public async Task Records_about_TLS_that_senders_do_not_understand_are_faults(string name, string purpose, DnsFaultKind kind, params string[] texts)
    {
        Dns.Text(name, texts);
        await FaultAsync(purpose, kind);
    }

    [Fact]
    public async Task What_is_asked_of_senders_about_TLS_is_the_operator_s_choice()
    {
        await FaceAsync(new PublicFace(Host) { Sts = StsWish.None });
        (await DoneAsync(new ShowDns(Domain))).StsPolicy.ShouldBeNull();
        (await DoneAsync(new CheckDns(Domain))).Domains.Single().Rows.ShouldNotContain(row => row.Purpose == "MTA-STS");

        await FaceAsync(new PublicFace(Host) { Sts = StsWish.Enforce });
        (await DoneAsync(new ShowDns(Domain))).StsPolicy!.ShouldContain("mode: enforce\n");
    }

    [Fact]
    public async Task A_domain_without_mail_has_no_lists_and_no_key_and_says_so_in_DNS()
    {
        await Store.CommitAsync(new DomainSaved(new MailDomain("old.test", "s1")), Cancel);
        (await RefusedAsync(new SetDomain(Domain) { SendsNothing = true })).Message.ShouldContain("has lists, such as news@lists.example");
        (await DoneAsync(new SetDomain("old.test") { SendsNothing = true })).ShouldBe(new MailDomain("old.test") { SendsNothing = true });
        (await RefusedAsync(new CreateList("a@old.test"))).Kind.ShouldBe(Refusal.Conflict);
        (await RefusedAsync(new GenerateKey("old.test", "s2"))).Kind.ShouldBe(Refusal.Conflict);
        (await DoneAsync(new ShowDns("old.test"))).Zone.ShouldBe("old.test. IN MX 0 .\nold.test. IN TXT \"v=spf1 -all\"\n_dmarc.old.test. IN TXT \"v=DMARC1; p=reject\"\n");

        var rows = (await DoneAsync(new CheckDns("old.test"))).Domains.Single().Rows;
        rows.Select(row => row.Fault!.Kind).ShouldBe([DnsFaultKind.UnusedMx, DnsFaultKind.UnusedSpf, DnsFaultKind.UnusedDmarc]);
        Dns.Exchanger("old.test", "").Text("old.test", "v=spf1 ~all").Text("_dmarc.old.test", "v=DMARC1; p=none");
        (await DoneAsync(new CheckDns("old.test"))).Domains.Single().Rows.Select(row => row.Fault?.Kind).ShouldBe([null, DnsFaultKind.UnusedSpf, DnsFaultKind.UnusedDmarc]);
        Dns.Text("old.test", "v=spf1 -all").Text("_dmarc.old.test", "v=DMARC1; p=reject");
        (await DoneAsync(new CheckDns("old.test"))).Faults.ShouldBe(0);
        (await DoneAsync(new SetDomain("old.test") { SendsNothing = false })).SendsNothing.ShouldBeFalse();
    }

    [Fact]
    public async Task A_signature_in_another_domain_s_name_is_no_signature_of_the_author() // RFC 9989 §4.4
    {
        var message = Encoding.ASCII.GetBytes("From: News <news@lists.example>\r\nSubject: Hello\r\n\r\nHello\r\n");
        async Task<DnsRow> SignedBy(string domain, string selector)
        {
            byte[] signature = new DkimSigner(new SigningIdentity(domain, selector, Key)).Sign(RawMessage.Parse(message));
            return (await DoneAsync(new CheckDns(Domain) { Copy = [.. signature, .. message] })).Domains.Single().Rows.Last();
        }

        Dns.Text("p1._domainkey.provider.test", Key.DnsRecord).Text("p1._domainkey.sub.lists.example", Key.DnsRecord);
        (await SignedBy(Domain, "s1")).State.ShouldBe(DnsState.Good);
        (await SignedBy("sub.lists.example", "p1")).State.ShouldBe(DnsState.Good);

        var third = await SignedBy("provider.test", "p1");
        (third.State, third.Fault!.Kind).ShouldBe((DnsState.Fault, DnsFaultKind.SignatureThirdParty));
        third.Fault.Cause.ShouldBe("The copy is signed by provider.test, which is not aligned with lists.example in From: for DMARC it is not signed.");
        third.Fault.Cure.ShouldStartWith("Whoever signs has to do it with d=lists.example");

        Dns.Text("_dmarc." + Domain, $"v=DMARC1; p=none; adkim=s; rua=mailto:dmarc-reports@{Domain}");
        (await SignedBy("sub.lists.example", "p1")).Fault!.Kind.ShouldBe(DnsFaultKind.SignatureThirdParty);
        (await SignedBy(Domain, "unknown")).Fault!.Kind.ShouldBe(DnsFaultKind.SignatureBroken);
        (await DoneAsync(new CheckDns(Domain) { Copy = message })).Domains.Single().Rows.Last().Fault!.Kind.ShouldBe(DnsFaultKind.SignatureMissing);
    }

    [Fact]
    public void Every_fault_has_its_words() =>
        Enum.GetValues<DnsFaultKind>().ShouldAllBe(kind => DnsFaultWords.Of(kind).Cause.Length > 0 && DnsFaultWords.Of(kind).Cure.Length > 0);
}
