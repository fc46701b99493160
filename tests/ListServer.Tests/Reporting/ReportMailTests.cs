using System.Text;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Reports;
using ListServer.MailAuth.Spf;
using ListServer.Reporting;
using ListServer.Store;

namespace ListServer.Tests.Reporting;

/// <summary>The form of RFC 9990 §3.5.2, and its size (AUTH-19).</summary>
public sealed class ReportMailTests
{
    private static readonly DueReport Due = new(new DateOnly(2026, 11, 24), "lists.example", "a.example");

    [Fact]
    public void The_largest_report_that_a_day_can_make_is_far_below_ten_megabytes()
    {
        var tallies = Enumerable.Range(0, ReceivedTally.MostRowsOfDomain).Select(i => Tally($"2001:db8::{i:x}", $"host{i}.sub.a.example")).ToList();
        var octets = Write(tallies);
        octets.Length.ShouldBeLessThan(10 << 20);
        Encoding.ASCII.GetString(octets).Split("\r\n").ShouldAllBe(line => line.Length <= 998);
    }

    [Fact]
    public void The_same_report_has_the_same_name_however_often_it_is_made()
    {
        var (first, second) = (Encoding.ASCII.GetString(Write([Tally("192.0.2.1", "a.example")])), Encoding.ASCII.GetString(Write([Tally("192.0.2.1", "a.example")])));
        second.ShouldBe(first);
        first.ShouldStartWith(
            "From: <postmaster@lists.example>\r\nTo: <d@a.example>,\r\n <e@a.example>\r\nSubject: Report Domain: a.example\r\n Submitter: lists.example\r\n"
            + " Report-ID: <20261124.a.example@lists.example>\r\n");
        first.ShouldContain("\r\nMessage-ID: <20261124.a.example@lists.example>\r\n");
        first.ShouldContain("filename=\"lists.example!a.example!1795478400!1795564799.xml.gz\"");
    }

    private static byte[] Write(IReadOnlyList<ReceivedTally> tallies)
    {
        DmarcRecord.TryParse("v=DMARC1; p=reject; rua=mailto:d@a.example", out var record).ShouldBeTrue();
        return new ReportMail(Due, ReportDraft.Make(Due, record!, tallies), ["d@a.example", "e@a.example"], DateTimeOffset.UnixEpoch).ToOctets();
    }

    private static ReceivedTally Tally(string source, string domain) => new(
        Due.Day,
        Due.Receiver,
        Due.PolicyDomain,
        new ReceivedRow(
            source, domain, domain, RowDisposition.Quarantine, OverrideKind.LocalPolicy, false, false, SpfVerdict.Fail, domain,
            [.. Enumerable.Range(0, 10).Select(i => new ReceivedSignature($"d{i}.{domain}", $"selector{i}", DkimVerdict.Fail))]),
        7);
}
