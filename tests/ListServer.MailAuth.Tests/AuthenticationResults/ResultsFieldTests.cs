using System.Net;
using System.Text;
using CsCheck;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Tests.AuthenticationResults;

/// <summary>RFC 8601; AUTH-48 … AUTH-50.</summary>
public sealed class ResultsFieldTests
{
    private static readonly AuthenticationReport Report = new(
        new AuthorResult("ann@example.org", "example.org", null, null),
        new SpfResult(SpfVerdict.Pass, "example.org", "ip4 matches"),
        new SpfResult(SpfVerdict.None, "mail.example.org", "no record"),
        [
            new DkimResult(DkimVerdict.Pass, "example.org", "s1", "@example.org", "rsa-sha256", "the signature verifies", true, null, "abcd/+ghijkl"),
            new DkimResult(DkimVerdict.Pass, "example.net", "s2", "@example.net", "rsa-sha256", "l= leaves out the end", CoversWholeBody: false),
        ],
        new ArcResult(ArcVerdict.Pass, 2, 0, ["a.example", "b.example"], false, "the chain validates"),
        new DmarcResult(DmarcVerdict.Pass, "example.org", "example.org", "example.org", DmarcPolicy.Reject, DmarcPolicy.None, false, true, true, "aligned"));

    [Fact]
    public void A_report_is_written_in_the_words_of_RFC_8601()
    {
        var value = ReportResults.From(Report, IPAddress.Parse("2001:db8::1"), "mx.example").Write();
        value.ShouldBe(string.Join(";\r\n\t",
            "mx.example",
            "spf=pass smtp.mailfrom=example.org",
            "spf=none reason=\"no record\" smtp.helo=mail.example.org",
            "dkim=pass header.d=example.org header.s=s1 header.i=@example.org\r\n\t header.a=rsa-sha256 header.b=\"abcd/+gh\"",
            "dkim=policy reason=\"l= leaves out the end\" header.d=example.net\r\n\t header.s=s2 header.i=@example.net header.a=rsa-sha256",
            "dmarc=pass header.from=example.org policy.dmarc=reject",
            "arc=pass smtp.remote-ip=\"2001:db8::1\" header.oldest-pass=0"));
    }

    [Fact]
    public void A_report_without_signatures_says_so()
    {
        var report = Report with { Dkim = [], Arc = new ArcResult(ArcVerdict.None, 0, null, [], false, "no ARC set") };
        var value = ReportResults.From(report, IPAddress.Parse("::ffff:192.0.2.1"), "mx.example").Write();
        value.ShouldContain(";\r\n\tdkim=none;");
        value.ShouldEndWith(";\r\n\tarc=none smtp.remote-ip=192.0.2.1");
    }

    [Fact]
    public void Of_two_thousand_signatures_twenty_are_written() =>
        ReportResults.From(Report with { Dkim = [.. Enumerable.Repeat(Report.Dkim[0], 2000)] }, IPAddress.Loopback, "mx.example")
            .Results.Count(r => r.Method == "dkim").ShouldBe(20);

    [Fact]
    public void No_results_are_written_as_none() => new ResultsField("mx.example", []).Write().ShouldBe("mx.example; none");

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("@example.com", "@example.com")]
    [InlineData("a+b@example.com", "a+b@example.com")]
    [InlineData("a@b@example.com", "\"a@b@example.com\"")]
    [InlineData("example.com(a.example.net", "\"example.com(a.example.net\"")]
    [InlineData("x; dmarc=pass header.from=example.com", "\"x; dmarc=pass header.from=example.com\"")]
    [InlineData("x\"; dmarc=pass", "\"x\\\"; dmarc=pass\"")]
    [InlineData("x\\", "\"x\\\\\"")]
    [InlineData("x@", "\"x@\"")]
    [InlineData(".a..b.@c.example", "\".a..b.@c.example\"")] // no Dot-string (RFC 8601 §2.2)
    public void A_senders_value_is_one_value(string value, string written) =>
        Field(value).Write().ShouldBe($"mx.example;\r\n\tspf=pass smtp.mailfrom={written}");

    [Theory]
    [InlineData("")]
    [InlineData("x\r\nBcc: y")]
    [InlineData("x\0")]
    [InlineData("bücher.example")]
    [InlineData("x\u007f")]
    public void A_value_with_what_no_header_may_hold_is_left_out(string value) => Field(value).Write().ShouldBe("mx.example;\r\n\tspf=pass");

    [Fact]
    public void A_value_too_long_is_left_out_and_a_reason_is_cut()
    {
        Field(new string('a', 321)).Write().ShouldBe("mx.example;\r\n\tspf=pass");
        new ResultsField("mx.example", [new MethodResult("spf", "fail", new string('é', 400), [])]).Write()
            .ShouldBe($"mx.example;\r\n\tspf=fail\r\n\t reason=\"{new string('?', 320)}\"");
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var word = Gen.OneOf("a", "B", "7", "-", "_").Array[1, 8].Select(string.Concat);
        var any = Gen.OneOf("a", " ", "\"", "\\", "(", ")", ";", "=", ".", "@", "/", "~").Array[1, 12].Select(string.Concat);
        var property = Gen.Select(word, word, any, (t, p, v) => new ResultProperty(t, p, v));
        var result = Gen.Select(word, word, any.Null(), property.Array[0, 4], (m, r, reason, p) => new MethodResult("m" + m, r, reason, [.. p]));
        Gen.Select(any, result.Array[0, 4]).Sample((id, results) =>
        {
            var written = new ResultsField(id, [.. results]).Write();
            ResultsField.TryParse(Encoding.ASCII.GetBytes(written), out var read, out _).ShouldBeTrue(written);
            read.AuthservId.ShouldBe(id);
            return read.Write() == written && Describe(read) == Describe(new ResultsField(id, [.. results]));
        });
    }

    [Fact]
    public void No_octets_make_the_reader_throw()
    {
        var any = Gen.OneOf("a", " ", "\"", "\\", "(", ")", ";", "=", ".", "@", "/", "\r\n", "\0", "é", "none", "1", "reason").Array[0, 30]
            .Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts)));
        any.Sample(octets =>
        {
            var isRead = ResultsField.TryParse(octets, out var field, out var error);
            return isRead ? field is not null : error is { Length: > 0 };
        });
        ResultsField.TryParse(Encoding.ASCII.GetBytes(new string('(', 1 << 20)), out _, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a; none; spf=pass", "nothing may follow \"none\" at octet 9")]
    [InlineData("a; spf=pass; none", "\"none\" stands beside results at octet 17")]
    [InlineData("a; spf", "a \"=\" is expected behind the method at octet 6")]
    [InlineData("", "the authserv-id is missing at octet 0")]
    public void A_broken_value_has_a_reason(string value, string reason)
    {
        ResultsField.TryParse(Encoding.ASCII.GetBytes(value), out _, out var error).ShouldBeFalse();
        error.ShouldBe(reason);
    }

    [Theory]
    [InlineData("a; dmarc=fail action=none header.from=x.example", "x.example")]
    [InlineData("a; spf=pass smtp.mailfrom=\"x y\"@example.com", "x y@example.com")]
    [InlineData("a; dkim=pass header.b=ab/cd+ef==", "ab/cd+ef==")]
    public void What_real_receivers_write_is_read(string value, string property)
    {
        ResultsField.TryParse(Encoding.ASCII.GetBytes(value), out var field, out var error).ShouldBeTrue(error);
        field.Results.ShouldHaveSingleItem().Properties.ShouldHaveSingleItem().Value.ShouldBe(property);
    }

    [Fact]
    public void Every_field_that_speaks_in_our_name_is_found()
    {
        var message = Letters.Message("""
            Authentication-Results: mx.example; spf=pass
            Authentication-Results: other.example; spf=pass
            authentication-results : (x) "MX.Example" 1; none
            Authentication-Results: broken= mx.example
            Authentication-Results: broken= other
            X-Authentication-Results: mx.example; none
            From: a

            """);
        ResultsFields.Claiming(message, "mx.example").ShouldBe([0, 2, 3, 4]);
    }

    /// <summary>AUTH-48, AUTH-91: what some reader may take for ours is removed.</summary>
    [Theory]
    [InlineData("Authentication-Results: mx.bücher.example; spf=pass")]
    [InlineData("Authentication-Results: MX.Bu\u0308cher.Example; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva.example; spf=pass")]
    [InlineData("Authentication-Results: \"mx.xn--bcher-kva.example\"; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva.example.; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva(x).example; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-\r\n kva.example; spf=pass")]
    [InlineData("Authentication-Results: \"mx.xn--bcher-\r\n kva.example\"; spf=pass")]
    [InlineData("Authentication-Results: \ufeffmx.xn--bcher-kva.example; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher\u00ad-kva.example; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva\u200d.example; spf=pass")]
    [InlineData("Authentication-Results: \u00a0mx.xn--bcher-kva.example; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva.example\u00a0; spf=pass")]
    [InlineData("Authentication-Results: mx\u3002xn--bcher-kva.example; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva.example/1; spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva.example spf=pass")]
    [InlineData("Authentication-Results: mx.xn--bcher-kva.example; spf=pass (")]
    [InlineData("Authentication-Results:")]
    [InlineData("Authentication-Results\0: mx.xn--bcher-kva.example; spf=pass")]
    [InlineData("Authentication-Results\v: mx.xn--bcher-kva.example; spf=pass")]
    [InlineData("Authentication-Results\u00a0: mx.xn--bcher-kva.example; spf=pass")]
    [InlineData("Authentication-Results\r\n : mx.xn--bcher-kva.example; spf=pass")]
    [InlineData("\u00a0AUTHENTICATION-RESULTS: mx.xn--bcher-kva.example; spf=pass")]
    public void No_spelling_of_our_name_is_left(string field)
    {
        var message = RawMessage.Parse(Encoding.UTF8.GetBytes(field + "\r\nFrom: a@b.example\r\n\r\n"));
        foreach (var ours in (string[])["mx.bücher.example", "mx.xn--bcher-kva.example", "MX.XN--BCHER-KVA.EXAMPLE"])
        {
            ResultsFields.Claiming(message, ours).ShouldBe([0]);
        }
    }

    [Fact] // AUTH-98: to find out costs some microseconds a field
    public void Of_names_in_other_letters_those_beyond_the_fiftieth_count_as_ours()
    {
        var fields = string.Concat(Enumerable.Range(0, 52).Select(i => $"Authentication-Results: é{i}.example; spf=pass\r\n"));
        var message = RawMessage.Parse(Encoding.UTF8.GetBytes(fields + "From: a@b.example\r\n\r\n"));
        ResultsFields.Claiming(message, "mx.example").ShouldBe([50, 51]);
        ResultsFields.Merge(message, "é7.example").ShouldBe("xn--7-9fa.example;\r\n\tspf=pass");
    }

    [Fact]
    public void An_octet_that_is_no_UTF_8_hides_no_name_of_ours()
    {
        var message = RawMessage.Parse(Encoding.Latin1.GetBytes("Authentication-Results\u00a0: mx.example\u00a0; spf=pass\r\n\r\n"));
        ResultsFields.Claiming(message, "mx.example").ShouldBe([0]);
    }

    [Theory]
    [InlineData("ARC-Authentication-Results: i=1; mx.example; spf=pass")]
    [InlineData("Authentication-Results: other.example; spf=pass")]
    [InlineData("Authentication-Results: mx.example.org; spf=pass")]
    [InlineData("Authentication-Results: (mx.example) other.example; spf=pass")]
    [InlineData("Authentication-Result: mx.example; spf=pass")]
    [InlineData("Authentication-Results2: mx.example; spf=pass")]
    public void What_is_anothers_stays(string field) =>
        ResultsFields.Claiming(Letters.Message(field + "\nFrom: a@b.example\n\n"), "mx.example").ShouldBeEmpty();

    /// <summary>RFC 8601 §2.5: an A-label may stand in every message.</summary>
    [Fact]
    public void An_authserv_id_in_U_labels_is_written_in_A_labels_and_found_again()
    {
        var value = new ResultsField("é.com", []).Write();
        value.ShouldBe("xn--9ca.com; none");
        ResultsFields.Merge(Letters.Message($"Authentication-Results: {value}\n\n"), "é.com").ShouldBe("xn--9ca.com; none");
        ResultsField.TryParse("é.com; none"u8, out var read, out _).ShouldBeTrue();
        (read.IsFrom("xn--9ca.com"), read.IsFrom("e.com")).ShouldBe((true, false));
    }

    /// <summary>RFC 8601 §2.2: a value is a token or a quoted string, and the latter may be empty.</summary>
    [Fact]
    public void An_empty_reason_is_read_and_merged()
    {
        var value = new ResultsField("mx.example", [new MethodResult("spf", "fail", "", [new ResultProperty("smtp", "mailfrom", "x.example")])]).Write();
        value.ShouldBe("mx.example;\r\n\tspf=fail reason=\"\" smtp.mailfrom=x.example");
        ResultsField.TryParse(Encoding.ASCII.GetBytes(value), out var read, out var error).ShouldBeTrue(error);
        read.Results.ShouldHaveSingleItem().Reason.ShouldBe("");
        ResultsFields.Merge(Letters.Message($"Authentication-Results: {value}\n\n"), "mx.example").ShouldBe(value);
        ResultsField.TryParse("mx.example; spf=fail reason="u8, out _, out _).ShouldBeFalse();
    }

    /// <summary>AUTH-98.</summary>
    [Fact]
    public void An_error_quotes_no_more_than_500_characters()
    {
        ResultsField.TryParse(Encoding.ASCII.GetBytes($"a; spf=pass {new string('x', 60_000)}=y"), out _, out var error).ShouldBeFalse();
        error.Length.ShouldBeLessThan(540);
    }

    [Fact]
    public void Our_fields_are_merged_with_their_comments_and_each_result_once()
    {
        var message = Letters.Message("""
            Authentication-Results: mx.example 1;
             spf=pass (a; b) smtp.mailfrom="x;y";
             dkim=none;
            Authentication-Results: other.example; dmarc=pass
            Authentication-Results: MX.example; dkim=none; arc=pass
             smtp.remote-ip=192.0.2.1
            Authentication-Results: mx.example; none
            Authentication-Results: mx.example; broken

            """);
        ResultsFields.Merge(message, "mx.example").ShouldBe(
            "mx.example;\r\n\tspf=pass (a; b) smtp.mailfrom=\"x;y\";\r\n\tdkim=none;\r\n\tarc=pass\r\n smtp.remote-ip=192.0.2.1");
        ResultsFields.Merge(message, "none.example").ShouldBeNull();
        ResultsFields.Merge(Letters.Message("Authentication-Results: mx.example; none\n\n"), "mx.example").ShouldBe("mx.example; none");
    }

    /// <summary>AUTH-98.</summary>
    [Fact]
    public void A_value_beyond_65536_octets_is_invalid_and_one_within_is_not()
    {
        const string start = "mx.example; dkim=pass header.d=";
        ResultsField.TryParse(Encoding.ASCII.GetBytes(start.PadRight(65_536, 'x')), out _, out _).ShouldBeTrue();
        ResultsField.TryParse(Encoding.ASCII.GetBytes(start.PadRight(65_537, 'x')), out _, out var error).ShouldBeFalse();
        error.ShouldBe("longer than 65536 octets");
    }

    /// <summary>AUTH-98: what is sealed stays small whatever stands in the header.</summary>
    [Fact]
    public void Our_fields_are_merged_up_to_65536_octets()
    {
        var fields = string.Concat(Enumerable.Range(0, 4000).Select(i => $"Authentication-Results: mx.example; dkim=pass header.s=s{i}\n"));
        var merged = ResultsFields.Merge(Letters.Message(fields + "\n"), "mx.example").ShouldNotBeNull();
        merged.Length.ShouldBeLessThan(66_000);
        merged.ShouldContain("header.s=s0;");
        merged.ShouldNotContain("header.s=s3999");
    }

    private static ResultsField Field(string value) =>
        new("mx.example", [new MethodResult("spf", "pass", null, [new ResultProperty("smtp", "mailfrom", value)])]);

    private static string Describe(ResultsField field) => string.Join('\n', field.Results.Select(r =>
        $"{r.Method}={r.Result} {r.Reason} {string.Join(' ', r.Properties.Select(p => $"{p.PropertyType}.{p.Property}={p.Value}"))}"));
}
