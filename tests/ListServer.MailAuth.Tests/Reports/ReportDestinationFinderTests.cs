using ListServer.MailAuth.Reports;

namespace ListServer.MailAuth.Tests.Reports;

/// <summary>RFC 9990 §4: reports go to whom the domain names, and outside of it only to who wants them (AUTH-18, AUTH-19).</summary>
public sealed class ReportDestinationFinderTests
{
    [Theory]
    [InlineData("rua=mailto:d@example.com", "d@example.com")]
    [InlineData("rua=mailto:d@sub.example.com!10m", "d@sub.example.com")] // the same Organizational Domain; a size limit is history (AUTH-5)
    [InlineData("rua=mailto:d@wants.example", "d@wants.example")]
    [InlineData("rua=mailto:D%2Bx@WANTS.example?subject=y", "D+x@wants.example")]
    [InlineData("rua=mailto:d@silent.example", "")]
    [InlineData("rua=mailto:d@other-txt.example", "")]
    [InlineData("rua=mailto:d@moves.example", "new@moves.example")]
    [InlineData("rua=mailto:d@moves-away.example", "")]
    [InlineData("rua=https://example.com/report", "")]
    [InlineData("rua=mailto:d@silent.example, https://x.example/, mailto:d@wants.example, mailto:d@example.com", "d@wants.example d@example.com")]
    [InlineData("rua=mailto:a@example.com,mailto:A@example.com", "a@example.com")]
    [InlineData("rua=mailto:\"a b\"@example.com,mailto:a%0d%0ab@example.com,mailto:a..b@example.com,mailto:@example.com", "")]
    [InlineData("ruf=mailto:f@example.com", "")] // never about single messages
    public async Task A_destination_outside_has_to_agree(string tag, string addresses)
    {
        var found = await FindAsync($"v=DMARC1; p=none; {tag}");
        string.Join(' ', found.Addresses).ShouldBe(addresses);
        found.Failure.ShouldBeNull();
        if (addresses.Length == 0 && tag.StartsWith("rua=mailto:d@", StringComparison.Ordinal))
        {
            found.Ignored.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Of_many_destinations_a_few_are_taken()
    {
        var found = await FindAsync("v=DMARC1; p=none; rua=" + string.Join(',', Enumerable.Range(0, 50).Select(i => $"mailto:d{i}@example.com")));
        found.Addresses.Length.ShouldBe(5);
        found.Ignored.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Where_DNS_does_not_answer_it_is_not_known_yet()
    {
        (await FindAsync("v=DMARC1; p=none; rua=mailto:d@broken.example")).ShouldSatisfyAllConditions(f => f.Failure.ShouldNotBeNull(), f => f.Addresses.ShouldBeEmpty());
        (await new ReportDestinationFinder(Zone("")).FindAsync("fails.example", TestContext.Current.CancellationToken)).Failure.ShouldNotBeNull();
        (await new ReportDestinationFinder(Zone("")).FindAsync("nothing.example", TestContext.Current.CancellationToken)).ShouldSatisfyAllConditions(f => f.Failure.ShouldBeNull(), f => f.Record.ShouldBeNull());
    }

    private static async Task<ReportDestinations> FindAsync(string record) => await new ReportDestinationFinder(Zone(record)).FindAsync("example.com", TestContext.Current.CancellationToken);

    private static ZoneResolver Zone(string record)
    {
        var zone = new ZoneResolver();
        zone.Txt("_dmarc.example.com", record);
        zone.Txt("example.com._report._dmarc.wants.example", "v=DMARC1;");
        zone.Txt("example.com._report._dmarc.other-txt.example", "v=spf1 -all");
        zone.Txt("example.com._report._dmarc.moves.example", "v=DMARC1; rua=mailto:new@moves.example");
        zone.Txt("example.com._report._dmarc.moves-away.example", "v=DMARC1; rua=mailto:new@elsewhere.example");
        zone.Fail("example.com._report._dmarc.broken.example");
        zone.Fail("_dmarc.fails.example");
        return zone;
    }
}
