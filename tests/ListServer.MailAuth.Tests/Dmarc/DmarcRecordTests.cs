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
    [InlineData("v=DMARC1; p=none; adkim=x; aspf=; t=yes; psd=q; =; ;;junk; p=reject")]
    [InlineData("v=DMARC1; p=none; adkim=s\u00e9; aspf=s\u0001; t=\u007fy")]
    public void A_faulty_tag_falls_back_to_its_default(string text)
    {
        DmarcRecord.TryParse(text, out var record).ShouldBeTrue();
        (record.Policy, record.IsDkimStrict, record.IsSpfStrict, record.IsTesting, record.Psd)
            .ShouldBe((DmarcPolicy.None, false, false, false, DmarcPsd.Unknown));
    }

    [Fact]
    public void Any_text_is_answered() =>
        Gen.String[Gen.Char["v=DMARC1; psnat\t\0\u00e9"], 0, 60].Sample(text =>
        {
            var isRecord = DmarcRecord.TryParse("v=DMARC1;" + text, out var record);
            return isRecord && record is not null && DmarcRecord.TryParse(text, out var other) == (other is not null);
        });
}
