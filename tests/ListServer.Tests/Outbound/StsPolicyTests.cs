using System.Net;
using ListServer.MailAuth.Dns;
using ListServer.Outbound.Tls;

namespace ListServer.Tests.Outbound;

/// <summary>RFC 8461 §3, §4.1: what a policy and its record say.</summary>
public sealed class StsPolicyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n", "Enforce 604800 mail.example.com *.example.net backupmx.example.com")]
    [InlineData("mx:a.example\nmax_age:0\nmode:testing\nversion:STSv1", "Testing 0 a.example")]
    [InlineData("version: STSv1\nmode: none\nmax_age: 86400\n", "None 86400")]
    [InlineData("version: STSv1\nmode: enforce  \nmax_age: 9999999999\nmx: a.example\nfuture: x:y\n\n", "Enforce 31557600 a.example")]
    [InlineData("version: STSv1\nmode: testing\nmode: enforce\nmax_age: 5\nmax_age: x\nmx: a.example", "Testing 5 a.example")]
    public void A_policy_is_read(string text, string what)
    {
        StsPolicy.TryParse(text, out var policy, out var error).ShouldBeTrue(error);
        string.Join(' ', new[] { policy!.Mode.ToString(), $"{policy.MaxAge.TotalSeconds}" }.Concat(policy.Patterns)).ShouldBe(what);
    }

    [Theory]
    [InlineData("", "its version is not STSv1")]
    [InlineData("version: STSv2\nmode: none\nmax_age: 1", "its version is not STSv1")]
    [InlineData("version: STSv1\nmode: Enforce\nmx: a.example\nmax_age: 1", "its mode is not enforce, testing or none")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example", "its max_age is no number of seconds")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: -1", "its max_age is no number of seconds")]
    [InlineData("version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 10000000000", "its max_age is no number of seconds")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1", "its mx are not names of hosts")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1\nmx: *.*.example", "its mx are not names of hosts")]
    [InlineData("version: STSv1\nmode: enforce\nmax_age: 1\nmx: 192.0.2.1", "its mx are not names of hosts")]
    [InlineData("<html>\n</html>", "a line is no field")]
    public void What_is_no_policy_is_told(string text, string why)
    {
        StsPolicy.TryParse(text, out _, out var error).ShouldBeFalse();
        error.ShouldBe(why);
    }

    [Theory]
    [InlineData("mail.example", "MAIL.example", true)]
    [InlineData("mail.example", "mx.mail.example", false)]
    [InlineData("*.example", "mail.example", true)]
    [InlineData("*.example", "a.mail.example", false)]
    [InlineData("*.example", "example", false)]
    [InlineData("*.example", ".example", false)]
    [InlineData("*.example", "mailexample", false)]
    public void A_star_stands_for_one_label(string pattern, string host, bool isNamed) =>
        new StsPolicy(StsMode.Enforce, TimeSpan.Zero, [pattern]).Names(host).ShouldBe(isNamed);

    [Theory]
    [InlineData("20160831085700Z", "v=STSv1; id=20160831085700Z;")]
    [InlineData("1", "v=STSv1;id=1", "v=spf1 -all")]
    [InlineData("1", "v=STSv1; id=1; future=x")]
    [InlineData(null, "v=STSv1; id=1;", "v=STSv1; id=2;")]
    [InlineData(null, "v=STSv1; id=a-b")]
    [InlineData(null, "v=STSv1; id=123456789012345678901234567890123")]
    [InlineData(null, "v=STSv1;")]
    [InlineData(null, "v=STSv1; id")]
    [InlineData(null, "v=STSv2; id=1")]
    [InlineData(null)]
    public void A_record_counts_when_it_is_the_only_one(string? id, params string[] texts) => StsRecord.FindId(texts).ShouldBe(id);

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("198.41.0.4", true)]
    [InlineData("2001:503:ba3e::2:30", true)]
    public void Strangers_names_lead_to_the_Internet_only(string address, bool isPublic) => PublicHosts.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Fact]
    public async Task A_host_with_private_addresses_is_not_connected_to()
    {
        var hosts = new PublicHosts(new ZoneFake().A("mta-sts.evil.example", "127.0.0.1", "192.168.1.1").Fail("mta-sts.evil.example", DnsRecordType.Aaaa));
        (await Should.ThrowAsync<IOException>(hosts.ConnectAsync(new DnsEndPoint("mta-sts.evil.example", 443), Stop).AsTask())).Message.ShouldContain("no address of the Internet");
    }
}
