using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Tests;

public sealed class ZoneResolverTests
{
    private static readonly ZoneResolver Zone = new ZoneResolver()
        .Txt("a.example", "v=spf1", " -all")
        .CName("alias.example", "A.example.")
        .CName("loop.example", "loop.example")
        .Txt("*.wild.example", "any")
        .A("here.wild.example", "192.0.2.1")
        .Fail("down.example", "TXT", "timeout")
        .Fail("gone.example", action: "nxdomain");

    [Theory]
    [InlineData("a.example", DnsStatus.Success)]
    [InlineData("A.EXAMPLE.", DnsStatus.Success)]
    [InlineData("alias.example", DnsStatus.Success)]
    [InlineData("loop.example", DnsStatus.Failure)]
    [InlineData("x.y.wild.example", DnsStatus.Success)]
    [InlineData("here.wild.example", DnsStatus.NoData)]
    [InlineData("x.here.wild.example", DnsStatus.NxDomain)]
    [InlineData("example", DnsStatus.NoData)]
    [InlineData("none.example", DnsStatus.NxDomain)]
    [InlineData("down.example", DnsStatus.Failure)]
    [InlineData("gone.example", DnsStatus.NxDomain)]
    [InlineData("a..example", DnsStatus.NxDomain)]
    public async Task The_zone_keeps_the_kinds_of_answer_apart(string name, DnsStatus status)
    {
        var answer = await Zone.QueryAsync(name, DnsRecordType.Txt, TestContext.Current.CancellationToken);
        answer.Status.ShouldBe(status);
        answer.Records.IsEmpty.ShouldBe(status != DnsStatus.Success);
    }
}
