using System.Globalization;
using ListServer.Admin.Publishing;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;

namespace ListServer.Admin.Tests.Publishing;

/// <summary>What is wrong with SPF records and with records of keys.</summary>
public sealed class SpfAndKeyCheckTests : DnsStage
{
    [Fact]
    public async Task Two_SPF_records_become_one() // AUTH-23
    {
        Dns.Text(Domain, Spf, "v=spf1 include:mail.test ~all");
        var fault = await FaultAsync("SPF", DnsFaultKind.SpfTwice);
        fault.Cause.ShouldBe("lists.example has 2 SPF records: receivers take neither.");
        fault.Record.ShouldBe("lists.example. IN TXT \"v=spf1 ip4:192.0.2.25 include:mail.test -all\"");
    }

    [Fact]
    public async Task Look_ups_are_counted_through_all_that_is_included() // AUTH-21, RFC 7208 §4.6.4
    {
        // 1 include + 4 in it + a redirect + 4 behind it: 10, and one more.
        Dns.Text("many.test", "v=spf1 a:h1.test a:h1.test mx:h1.test exists:h1.test redirect=more.test")
            .Text("more.test", "v=spf1 a:h1.test a:h1.test a:h1.test a:h1.test -all")
            .Address("h1.test", "198.51.100.1").Exchanger("h1.test", "h1.test")
            .Text(Domain, "v=spf1 ip4:192.0.2.25 include:many.test -all");
        (await RowAsync("SPF")).State.ShouldBe(DnsState.Good);

        Dns.Text("more.test", "v=spf1 a:h1.test a:h1.test a:h1.test a:h1.test exists:%{i}.h1.test -all");
        var fault = await FaultAsync("SPF", DnsFaultKind.SpfLookups);
        fault.Cause.ShouldBe("The SPF record needs 11 look-ups with all that it includes, and receivers stop at 10.");
        fault.Record.ShouldBeNull();
    }

    [Fact]
    public async Task Names_that_do_not_exist_are_counted() // AUTH-22
    {
        Dns.Text(Domain, "v=spf1 ip4:192.0.2.25 a:g1.test mx:g2.test -all");
        (await RowAsync("SPF")).State.ShouldBe(DnsState.Good);

        Dns.Text(Domain, "v=spf1 ip4:192.0.2.25 a:g1.test mx:g2.test exists:g3.test -all");
        (await FaultAsync("SPF", DnsFaultKind.SpfVoid)).Cause.ShouldStartWith("3 names in the SPF record");
    }

    [Theory]
    [InlineData("v=spf1 ip4:192.0.2.25 +all")]
    [InlineData("v=spf1 all")]
    [InlineData("v=spf1 ip4:192.0.2.25 include:open.test -all")]
    public async Task A_record_that_lets_everybody_pass_is_worse_than_none(string text)
    {
        Dns.Text("open.test", "v=spf1 +all").Text(Domain, text);
        await FaultAsync("SPF", DnsFaultKind.SpfOpen);
    }

    [Theory]
    [InlineData("v=spf1 ip4:192.0.2.300 -all", "\"ip4:192.0.2.300\": not an IPv4 network")]
    [InlineData("v=spf1 include:none.test -all", "include:none.test: none.test has no SPF record")]
    [InlineData("v=spf1 include:lists.example -all", "include:lists.example leads back to lists.example")]
    [InlineData("v=spf1 ipv4:192.0.2.25 -all", "there is no such mechanism")]
    public async Task A_record_that_breaks_the_rules_says_where(string text, string where)
    {
        Dns.Text(Domain, text);
        (await FaultAsync("SPF", DnsFaultKind.SpfBroken)).Cause.ShouldContain(where);
    }

    [Fact]
    public async Task An_address_that_mail_leaves_from_is_let_pass()
    {
        await FaceAsync(new PublicFace(Host) { Addresses = [System.Net.IPAddress.Parse(Sender), System.Net.IPAddress.Parse("2001:db8::25")] });
        Dns.Address(Host, "2001:db8::25").Pointer("2001:db8::25", Host);

        var fault = await FaultAsync("SPF", DnsFaultKind.SpfWithoutUs);
        fault.Cause.ShouldBe("The SPF record does not let 2001:db8::25 pass, from where mail of lists.example leaves.");
        fault.Record.ShouldBe("lists.example. IN TXT \"v=spf1 ip6:2001:db8::25 ip4:192.0.2.25 -all\"");
        (await DoneAsync(new ShowDns(Domain))).Zone.ShouldContain("\"v=spf1 ip4:192.0.2.25 ip6:2001:db8::25 -all\"");
    }

    [Fact]
    public async Task Through_a_smarthost_its_addresses_or_its_include_have_to_be_known()
    {
        await FaceAsync(new PublicFace(Host) { Smarthost = "relay.isp.test" });
        var row = await RowAsync("SPF");
        (row.State, row.Fault!.Kind).ShouldBe((DnsState.Advice, DnsFaultKind.SpfSmarthost));

        await FaceAsync(new PublicFace(Host) { Smarthost = "relay.isp.test", Includes = ["spf.isp.test"] });
        (await FaultAsync("SPF", DnsFaultKind.SpfWithoutInclude)).Record.ShouldBe("lists.example. IN TXT \"v=spf1 include:spf.isp.test ip4:192.0.2.25 -all\"");

        Dns.Text("spf.isp.test", "v=spf1 ip4:203.0.113.0/24 -all").Text(Domain, "v=spf1 include:spf.isp.test -all");
        (await RowAsync("SPF")).State.ShouldBe(DnsState.Good);
    }

    [Fact]
    public async Task A_nested_record_that_can_t_be_asked_for_leaves_the_answer_open()
    {
        Dns.Text(Domain, "v=spf1 ip4:192.0.2.25 include:dead.test -all").Fails("dead.test");
        (await RowAsync("SPF")).State.ShouldBe(DnsState.Unasked);
    }

    [Fact]
    public async Task A_key_cut_at_255_characters_is_told_from_any_other_broken_one()
    {
        Dns.Text(KeyName, Key.DnsRecord[..255]);
        var cut = await FaultAsync("DKIM", DnsFaultKind.DkimCut);
        cut.Cause.ShouldBe("The record of the key s1 was cut after 255 characters.");
        cut.Cure.ShouldContain("several strings of at most 255 characters");
        cut.Record!.ShouldContain("\" \"");

        Dns.Text(KeyName, "v=DKIM1; k=rsa; p=MIIB!!!");
        (await FaultAsync("DKIM", DnsFaultKind.DkimBroken)).Cause.ShouldContain("is not a public key of type rsa");
        Dns.Text(KeyName, "v=DKIM1; k=rsa; p=");
        await FaultAsync("DKIM", DnsFaultKind.DkimRevoked);
        Dns.Text(KeyName, Key.DnsRecord, "v=DKIM1; p=");
        (await FaultAsync("DKIM", DnsFaultKind.DkimTwice)).Values[1].ShouldBe(2.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Another_key_than_ours_is_told_and_the_same_key_in_another_form_is_right()
    {
        using var other = SigningKey.GenerateRsa();
        Dns.Text(KeyName, other.DnsRecord);
        await FaultAsync("DKIM", DnsFaultKind.DkimOther);

        Dns.Text(KeyName, "p=" + Key.DnsRecord[(Key.DnsRecord.IndexOf("p=", StringComparison.Ordinal) + 2)..].Insert(64, " ") + "; t=s");
        (await RowAsync("DKIM")).State.ShouldBe(DnsState.Good);
    }
}
