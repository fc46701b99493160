using CsCheck;
using ListServer.MailAuth.Dmarc;

namespace ListServer.MailAuth.Tests.Dmarc;

/// <summary>RFC 9989 §4.7, §4.8: AUTH-2, AUTH-5.</summary>
public sealed class DmarcRecordTests
{
    [Theory]
    [InlineData("v=DMARC1")]
    [InlineData("v=DMARC1;")]
    [InlineData("V=DMARC1; p=none")]
    [InlineData("v = DMARC1 ; p = none ;")]
    [InlineData("v\t=\tDMARC1\t;p=none")]
    public void The_version_comes_first(string text) => DmarcRecord.TryParse(text, out _).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("v=dmarc1; p=none")]
    [InlineData("v=DMARC12; p=none")]
    [InlineData("v=DMARC1 p=none")]
    [InlineData(" v=DMARC1; p=none")]
    [InlineData("p=none; v=DMARC1")]
    [InlineData("v=; p=none")]
    [InlineData("v=spf1 -all")]
    [InlineData("\"v=DMARC1; p=none\"")]
    public void Anything_else_is_no_record(string text)
    {
        DmarcRecord.TryParse(text, out var record).ShouldBeFalse();
        record.ShouldBeNull();
    }

    [Fact]
    public void Every_tag_is_read_and_unknown_ones_are_left_out()
    {
        DmarcRecord.TryParse(
            "v=DMARC1;P=Reject; sp=quarantine;np=none ;adkim=s;aspf=S; t=y; psd=n; pct=0; rf=afrf; ri=1; x=y; fo=1:d;"
            + " rua=mailto:a@example.com!10m , https://example.com/r,nonsense; ruf=mailto:b@example.com;",
            out var record).ShouldBeTrue();
        (record.Policy, record.SubdomainPolicy, record.NonexistentPolicy).ShouldBe((DmarcPolicy.Reject, DmarcPolicy.Quarantine, DmarcPolicy.None));
        (record.IsDkimStrict, record.IsSpfStrict, record.IsTesting, record.Psd, record.HasInvalidPolicy).ShouldBe((true, true, true, DmarcPsd.No, false));
        record.AggregateReportUris.ShouldBe(["mailto:a@example.com", "https://example.com/r"]);
        record.FailureReportUris.ShouldBe(["mailto:b@example.com"]);
        record.FailureOptions.ShouldBe("1:d");
    }

    [Theory]
    [InlineData("v=DMARC1; p=none; adkim=x; aspf=; t=yes; psd=q; =; ;;junk")]
    [InlineData("v=DMARC1; p=none; adkim=s\u00e9; aspf=s\u0001; t=\u007fy")]
    public void A_faulty_tag_falls_back_to_its_default(string text)
    {
        DmarcRecord.TryParse(text, out var record).ShouldBeTrue();
        (record.Policy, record.IsDkimStrict, record.IsSpfStrict, record.IsTesting, record.Psd)
            .ShouldBe((DmarcPolicy.None, false, false, false, DmarcPsd.Unknown));
    }

    /// <summary>RFC 9989 §4.7 takes DKIM's syntax, in which RFC 6376 §3.2 forbids it; §4.8: what breaks the syntax gives way to the default.</summary>
    [Fact]
    public void A_tag_that_stands_twice_counts_as_invalid()
    {
        DmarcRecord.TryParse(
            "v=DMARC1; p=none; adkim=s; adkim=s; aspf=s; ASPF=r; t=y; t=n; psd=y; psd=n; fo=1; fo=d;"
            + " rua=mailto:a@b.example; rua=mailto:c@d.example; ruf=mailto:e@f.example; ruf=mailto:e@f.example; x=1; x=2; x=3",
            out var record).ShouldBeTrue();
        (record.Policy, record.HasInvalidPolicy, record.IsDkimStrict, record.IsSpfStrict, record.IsTesting, record.Psd, record.FailureOptions)
            .ShouldBe((DmarcPolicy.None, false, false, false, false, DmarcPsd.Unknown, "0"));
        record.AggregateReportUris.ShouldBeEmpty();
        record.FailureReportUris.ShouldBeEmpty();
    }

    /// <summary>RFC 9989 §4.10.1 (AUTH-6): no valid policy.</summary>
    [Theory]
    [InlineData("p=none; p=reject", false)]
    [InlineData("p=reject; p=reject; p=reject", false)]
    [InlineData("p=reject; sp=none; sp=reject", false)]
    [InlineData("p=reject; p=none; rua=mailto:a@b.example", true)]
    public void Two_policies_are_none(string tags, bool applies)
    {
        DmarcRecord.TryParse("v=DMARC1; " + tags, out var record).ShouldBeTrue();
        record.HasInvalidPolicy.ShouldBeTrue();
        (record.Applicable()?.Policy).ShouldBe(applies ? DmarcPolicy.None : null);
    }

    [Fact]
    public void Any_text_is_answered() =>
        Gen.String[Gen.Char["v=DMARC1; psnat\t\0\u00e9"], 0, 60].Sample(text =>
        {
            var isRecord = DmarcRecord.TryParse("v=DMARC1;" + text, out var record);
            return isRecord && record is not null && DmarcRecord.TryParse(text, out var other) == (other is not null);
        });

    [Theory] // AUTH-98
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_record_has_its_longest_length(int length, bool isRecord) =>
        DmarcRecord.TryParse("v=DMARC1; p=none; x=".PadRight(length, 'x'), out _).ShouldBe(isRecord);
}
