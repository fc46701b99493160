using System.Net;
using CsCheck;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests.Spf;

/// <summary>RFC 7208 beyond the suites: reasons, limits, macros, HELO, internationalized senders (AUTH-21 … AUTH-24, SEC-16).</summary>
public sealed class SpfEvaluatorTests
{
    private const string Client = "192.0.2.3";

    private static async Task<SpfResult> CheckAsync(ZoneResolver zone, string mailFrom = "strong-bad@email.example.com", string client = Client, string helo = "mx.example.org") =>
        await new SpfEvaluator(zone, TimeProvider.System).CheckMailFromAsync(IPAddress.Parse(client), helo, mailFrom, TestContext.Current.CancellationToken);

    private static Task<SpfResult> CheckAsync(string record, string client = Client) => CheckAsync(new ZoneResolver().Txt("email.example.com", record), client: client);

    [Theory]
    [InlineData("%{d}", 490)]
    [InlineData("a.", 15_000)]
    public async Task A_name_of_many_labels_is_cut_in_no_time(string piece, int times)
    {
        var domain = string.Concat(Enumerable.Repeat("a.", 120)) + "example";
        var zone = new ZoneResolver().Txt(domain, $"v=spf1 a:{string.Concat(Enumerable.Repeat(piece, times))}x.example -all");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = await CheckAsync(zone, "ann@" + domain);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        result.Verdict.ShouldBe(SpfVerdict.Fail);
        zone.Questions.ShouldAllBe(q => q.Name.Length <= 253);
    }

    [Theory]
    [InlineData("v=spf1 ip4:192.0.2.0/33 -all", "\"ip4:192.0.2.0/33\": the prefix length")]
    [InlineData("v=spf1 ip4:192.0.2.300 -all", "\"ip4:192.0.2.300\": not an IPv4 network")]
    [InlineData("v=spf1 ip6:192.0.2.1 -all", "\"ip6:192.0.2.1\": not an IPv6 network")]
    [InlineData("v=spf1 a:%{x}.example.com -all", "\"%{x}\" is not a macro")]
    [InlineData("v=spf1 a:%{d0}.example.com -all", "\"%{d0}\" is not a macro")]
    [InlineData("v=spf1 a:%{t}.example.com -all", "\"%{t}\" is not a macro")]
    [InlineData("v=spf1 a:%x.example.com -all", "% is followed by none of")]
    [InlineData("v=spf1 a:%{d.example.com -all", "% is followed by none of")]
    [InlineData("v=spf1 include -all", "\"include\": the domain is missing")]
    [InlineData("v=spf1 all: -all", "\"all:\": all takes nothing")]
    [InlineData("v=spf1 mx:localhost -all", "neither in a top-level label nor in a macro")]
    [InlineData("v=spf1 redirect=a.example redirect=b.example", "\"redirect=b.example\": the modifier appears twice")]
    [InlineData("v=spf1 =x -all", "is no name of a modifier")]
    [InlineData("v=spf1 ip:192.0.2.3 -all", "\"ip:192.0.2.3\": there is no such mechanism")]
    [InlineData("v=spf1 exists:a\tb.example -all", "octet 9 is not allowed")]
    [InlineData("v=spf1 foo=%{ -all", "\"foo=%{\":")]
    [InlineData("v=spf1 ip6:::192.0.2.01 -all", "\"ip6:::192.0.2.01\": not an IPv6 network")]
    [InlineData("v=spf1 ip6:::ffff:192.0.2.001/120 -all", "not an IPv6 network")]
    [InlineData("v=spf1 ip6:::192.0.2 -all", "not an IPv6 network")]
    [InlineData("v=spf1 ip6:2001:db8::12345 -all", "not an IPv6 network")]
    [InlineData("v=spf1 exists:a%%b -all", "neither in a top-level label nor in a macro")]
    [InlineData("v=spf1 exists:a%%.b%%c -all", "neither in a top-level label nor in a macro")]
    [InlineData("v=spf1 exp=a.example exp=a.example -all", "\"exp=a.example\": the modifier appears twice")]
    public async Task A_bad_record_is_a_permerror_that_names_the_term_and_the_fault(string record, string reason)
    {
        var result = await CheckAsync(record);
        result.Verdict.ShouldBe(SpfVerdict.PermError);
        result.Reason.ShouldStartWith("email.example.com: ");
        result.Reason.ShouldContain(reason);
    }

    [Theory]
    [InlineData("v=spf1 ip4:192.0.2.0/24 -all", SpfVerdict.Pass, "email.example.com: ip4:192.0.2.0/24 matched")]
    [InlineData("v=spf1 ~all", SpfVerdict.SoftFail, "email.example.com: ~all matched")]
    [InlineData("v=spf1", SpfVerdict.Neutral, "email.example.com: no mechanism matched")]
    [InlineData("v=spf2 -all", SpfVerdict.None, "email.example.com has no SPF record")]
    public async Task The_reason_says_what_decided(string record, SpfVerdict verdict, string reason)
    {
        var result = await CheckAsync(record);
        (result.Verdict, result.Reason).ShouldBe((verdict, reason));
    }

    /// <summary>RFC 7208 §7.1: domain-end = ( "." toplabel [ "." ] ) / macro-expand, and %%, %_ and %- are macro-expands.</summary>
    [Theory]
    [InlineData("foo%%", "foo%")]
    [InlineData("foo.%_", "foo. ")]
    [InlineData("foo%-", "foo%20")]
    [InlineData("%%.%{d}%%", "%.email.example.com%")]
    public async Task An_escaped_character_may_end_a_domain(string domain, string name)
    {
        var zone = new ZoneResolver().Txt("email.example.com", $"v=spf1 exists:{domain} -all").A(name, "127.0.0.2");
        (await CheckAsync(zone)).Verdict.ShouldBe(SpfVerdict.Pass);
    }

    /// <summary>RFC 7208 §6: only redirect and exp are at most once; others are passed over wherever and however often they stand.</summary>
    [Fact]
    public async Task An_unknown_modifier_may_stand_twice() => (await CheckAsync("v=spf1 x=1 +all x=1")).Verdict.ShouldBe(SpfVerdict.Pass);

    /// <summary>RFC 4291 §2.2.</summary>
    [Fact]
    public async Task An_IPv6_network_may_end_in_a_dotted_quad() =>
        (await CheckAsync("v=spf1 ip6:::ffff:192.0.2.10/128 ip6:64:ff9b::192.0.2.3 -all", client: "64:ff9b::192.0.2.3")).Verdict.ShouldBe(SpfVerdict.Pass);

    /// <summary>AUTH-98: what a record or a sender says fills neither a log nor a reply.</summary>
    [Theory]
    [InlineData("x", 65_000)]
    [InlineData("%{l}", 15_000)]
    [InlineData("\u00e9", 600)]
    public async Task Explanations_and_reasons_are_cut_at_500_characters(string piece, int times)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times));
        var zone = new ZoneResolver().Txt("email.example.com", "v=spf1 exp=why.example.com -all").Txt("why.example.com", text);
        var sender = $"{new string('a', 60)}@email.example.com";
        ((await CheckAsync(zone, sender)).Explanation?.Length ?? 500).ShouldBe(500);
        foreach (var record in (string[])[$"v=spf1 {text}", $"v=spf1 include:{text}", $"v=spf1 exists:{text}.example -all", $"v=spf1 -exists:{text}.example exists:%{{d}} -all"])
        {
            var result = await CheckAsync(record);
            result.Reason.Length.ShouldBeLessThanOrEqualTo(500);
            result.Steps.ShouldAllBe(step => step.Length <= 500);
        }
    }

    [Fact]
    public async Task The_steps_tell_each_term_in_order()
    {
        var zone = new ZoneResolver()
            .Txt("email.example.com", "v=spf1 a:gone.example include:inc.example -all")
            .Txt("inc.example", "v=spf1 ip4:192.0.2.3");
        (await CheckAsync(zone)).Steps.ShouldBe(
        [
            "email.example.com: v=spf1 a:gone.example include:inc.example -all",
            "email.example.com: a:gone.example: no address of gone.example matches",
            "inc.example: v=spf1 ip4:192.0.2.3",
            "inc.example: ip4:192.0.2.3: matches",
            "email.example.com: include:inc.example: inc.example: ip4:192.0.2.3 matched",
        ]);
    }

    /// <summary>RFC 7208 §7.4.</summary>
    [Theory]
    [InlineData("%{s}", "strong-bad@email.example.com")]
    [InlineData("%{o}", "email.example.com")]
    [InlineData("%{d}", "email.example.com")]
    [InlineData("%{d4}", "email.example.com")]
    [InlineData("%{d3}", "email.example.com")]
    [InlineData("%{d2}", "example.com")]
    [InlineData("%{d1}", "com")]
    [InlineData("%{dr}", "com.example.email")]
    [InlineData("%{d2r}", "example.email")]
    [InlineData("%{l}", "strong-bad")]
    [InlineData("%{l-}", "strong.bad")]
    [InlineData("%{lr}", "strong-bad")]
    [InlineData("%{lr-}", "bad.strong")]
    [InlineData("%{l1r-}", "strong")]
    [InlineData("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com")]
    [InlineData("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com")]
    [InlineData("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com")]
    [InlineData("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net")]
    [InlineData("%{h}", "mx.example.org")]
    [InlineData("%{p}", "unknown")]
    [InlineData("%{S}", "strong-bad%40email.example.com")]
    [InlineData("%{d99999999999}x", null)]
    public async Task Macros_expand_as_in_RFC_7208(string macro, string? name)
    {
        var zone = new ZoneResolver().Txt("email.example.com", $"v=spf1 exp=why.example.com -all").Txt("why.example.com", macro);
        (await CheckAsync(zone)).Explanation.ShouldBe(name);
    }

    [Fact]
    public async Task Nothing_but_printable_ASCII_is_shown_of_records_and_senders()
    {
        var zone = new ZoneResolver().Txt("email.example.com", "v=spf1 exists:%{h}.example exp=why.example.com -all foo=\u001b[31m")
            .Txt("email2.example.com", "v=spf1 exists:%{h}.example exp=why.example.com -all").Txt("why.example.com", "%{h} is not ours");
        (await CheckAsync(zone, helo: "a\u001b[31mb")).Steps.ShouldAllBe(s => !s.Contains('\u001b'));
        var result = await CheckAsync(zone, "x@email2.example.com", helo: "a\u001b[31mb");
        result.Explanation.ShouldBe("a?[31mb is not ours");
        result.Steps.ShouldAllBe(s => !s.Contains('\u001b'));
    }

    [Fact]
    public async Task A_record_of_thousands_of_terms_leaves_a_short_account()
    {
        var result = await CheckAsync("v=spf1 " + string.Concat(Enumerable.Repeat("ip4:198.51.100.1 ", 3_000)) + "-all");
        result.Verdict.ShouldBe(SpfVerdict.Fail);
        result.Steps.Length.ShouldBe(200);
    }

    /// <summary>AUTH-98: ten includes that each fill a DNS answer would cost a tenth of a second.</summary>
    [Fact]
    public async Task Records_are_at_most_65536_characters_together()
    {
        var zone = new ZoneResolver().Txt("email.example.com", "v=spf1 include:big.example include:bigger.example -all".PadRight(1_000))
            .Txt("big.example", "v=spf1 -all".PadRight(60_000)).Txt("bigger.example", "v=spf1 +all".PadRight(4_536));
        (await CheckAsync(zone)).Verdict.ShouldBe(SpfVerdict.Pass);
        var result = await CheckAsync(zone.Txt("one.example.com", "v=spf1 include:email.example.com -all"), "x@one.example.com");
        result.Verdict.ShouldBe(SpfVerdict.PermError);
        result.Reason.ShouldEndWith("bigger.example: the SPF records are too long together");
    }

    [Fact]
    public async Task An_IPv6_client_expands_to_nibbles()
    {
        var zone = new ZoneResolver()
            .Txt("email.example.com", "v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all")
            .A("1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com", "127.0.0.2");
        (await CheckAsync(zone, client: "2001:db8::cb01")).Verdict.ShouldBe(SpfVerdict.Pass);
    }

    [Fact]
    public async Task A_long_name_loses_labels_from_the_left()
    {
        var label = new string('x', 60);
        var zone = new ZoneResolver().Txt("email.example.com", $"v=spf1 exists:{label}.{label}.{label}.{label}.%{{d}} -all").A($"{label}.{label}.{label}.email.example.com", "127.0.0.2");
        (await CheckAsync(zone)).Verdict.ShouldBe(SpfVerdict.Pass);
    }

    [Fact]
    public async Task The_null_reverse_path_is_postmaster_at_HELO()
    {
        var zone = new ZoneResolver().Txt("mx.example.org", "v=spf1 exists:%{l}.users.example.org -all").A("postmaster.users.example.org", "127.0.0.2");
        var result = await CheckAsync(zone, mailFrom: "");
        (result.Verdict, result.Domain).ShouldBe((SpfVerdict.Pass, "mx.example.org"));
        var helo = await new SpfEvaluator(zone, TimeProvider.System)
            .CheckHeloAsync(IPAddress.Parse(Client), "MX.example.org.", TestContext.Current.CancellationToken);
        (helo.Verdict, helo.Domain).ShouldBe((SpfVerdict.Pass, "mx.example.org"));
    }

    [Theory]
    [InlineData("user@[192.0.2.3]")]
    [InlineData("user@localhost")]
    [InlineData("user@a..example.com")]
    [InlineData("user@exa mple.com")]
    [InlineData("user@example.com(a.example.net")]
    [InlineData("user")]
    [InlineData("@")]
    public async Task A_sender_without_a_full_domain_name_is_none_and_asks_nothing(string mailFrom)
    {
        var zone = new ZoneResolver();
        (await CheckAsync(zone, mailFrom)).Verdict.ShouldBe(SpfVerdict.None);
        zone.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_internationalized_sender_is_looked_up_in_A_labels_and_its_local_part_names_nothing()
    {
        var zone = new ZoneResolver().Txt("xn--e1afmkfd.xn--p1ai", "v=spf1 exists:%{l}.example.org a:%{d} -all").A("xn--e1afmkfd.xn--p1ai", Client);
        (await CheckAsync(zone, "почта@пример.рф")).Verdict.ShouldBe(SpfVerdict.Pass);
        zone.Questions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Ten_look_up_terms_are_allowed_and_the_eleventh_is_never_asked()
    {
        var zone = new ZoneResolver().A("a.example", "198.51.100.1");
        var terms = string.Join(' ', Enumerable.Repeat("a:a.example", 10));
        zone.Txt("email.example.com", $"v=spf1 {terms} -all").Txt("email2.example.com", $"v=spf1 {terms} a:eleven.example -all");
        (await CheckAsync(zone)).Verdict.ShouldBe(SpfVerdict.Fail);
        var over = await CheckAsync(zone, "x@email2.example.com");
        over.Verdict.ShouldBe(SpfVerdict.PermError);
        over.Reason.ShouldContain("more than 10 terms");
        zone.Questions.ShouldNotContain(q => q.Name == "eleven.example");
    }

    [Theory]
    [InlineData("a:v1.example a:v2.example", SpfVerdict.Fail)]
    [InlineData("a:v1.example mx:v2.example exists:v3.example", SpfVerdict.PermError)]
    [InlineData("mx:half.example mx:half.example mx:half.example", SpfVerdict.Fail)]
    public async Task Two_terms_may_find_nothing_and_the_third_is_a_permerror(string terms, SpfVerdict verdict)
    {
        var zone = new ZoneResolver().Txt("email.example.com", $"v=spf1 {terms} -all").MX("half.example", 10, "v4.example").MX("half.example", 20, "v5.example");
        (await CheckAsync(zone)).Verdict.ShouldBe(verdict);
    }

    [Fact]
    public async Task A_loop_ends_at_the_limit()
    {
        var zone = new ZoneResolver().Txt("email.example.com", "v=spf1 include:email.example.com -all");
        (await CheckAsync(zone)).Verdict.ShouldBe(SpfVerdict.PermError);
        zone.Questions.Count.ShouldBe(11);
    }

    [Fact]
    public async Task Names_of_the_client_outside_the_domain_are_not_looked_up()
    {
        var zone = new ZoneResolver().Txt("email.example.com", "v=spf1 ptr:example.com -all");
        for (var i = 0; i < 20; i++)
        {
            zone.Ptr("3.2.0.192.in-addr.arpa", i == 9 ? "host.example.com" : $"h{i}.example.net").A($"h{i}.example.net", Client);
        }

        zone.A("host.example.com", Client);
        (await CheckAsync(zone)).Verdict.ShouldBe(SpfVerdict.Pass);
        zone.Questions.Count.ShouldBe(3);
    }

    [Theory] // AUTH-98: macros that expand to nothing cost time all the same
    [InlineData(499, SpfVerdict.Fail)]
    [InlineData(500, SpfVerdict.PermError)]
    public async Task A_domain_spec_has_five_hundred_parts_at_most(int macros, SpfVerdict verdict)
    {
        var zone = new ZoneResolver().Txt("email.example.com", $"v=spf1 exists:{string.Concat(Enumerable.Repeat("%{l1-}", macros))}.example.com -all");
        var result = await new SpfEvaluator(zone, TimeProvider.System).CheckMailFromAsync(
            IPAddress.Parse(Client), "h.example", new string('-', 60) + "@email.example.com", TestContext.Current.CancellationToken);
        result.Verdict.ShouldBe(verdict, result.Reason);
    }

    [Fact]
    public async Task A_check_that_takes_too_long_is_a_temperror()
    {
        var time = new FakeTimeProvider();
        var zone = new ZoneResolver().Txt("email.example.com", "v=spf1 a:a.example a:b.example -all").A("a.example", "198.51.100.1");
        var slow = new Slow(zone, time);
        var result = await new SpfEvaluator(slow, time).CheckMailFromAsync(
            IPAddress.Parse(Client), "h.example", "x@email.example.com", TestContext.Current.CancellationToken);
        result.Verdict.ShouldBe(SpfVerdict.TempError);
        result.Reason.ShouldContain("too long");
    }

    [Fact]
    public async Task Any_record_is_answered() =>
        await Gen.String[Gen.Char["a:/%{}.0123456789ipvmxlsdr=-~?+ \t\0\u00e9exc"], 0, 40].SampleAsync(async terms =>
        {
            var result = await CheckAsync("v=spf1 " + terms);
            return result.Reason.Length > 0 && (result.Verdict != SpfVerdict.PermError || result.Reason.Contains(':', StringComparison.Ordinal));
        });

    private sealed class Slow(ZoneResolver zone, FakeTimeProvider time) : IDnsResolver
    {
        public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
        {
            time.Advance(TimeSpan.FromSeconds(11));
            return zone.QueryAsync(name, type, cancellationToken);
        }
    }
}
