using System.IO.Compression;
using System.Text;
using ListServer.Admin.Consents;
using ListServer.Admin.SentReports;
using ListServer.Lists.Consents;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Reports;
using ListServer.Store;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Reporting;

/// <summary>Mail that comes in is counted and reported to the domains that it names, with consent only (AUTH-15 … 19, AUTH-84).</summary>
public sealed class ReportRoundsTests
{
    private const string Ours = "lists.example";
    private static readonly GiveDmarcConsent Agree = new(Ours, ConsentPurpose.Reporting, "en", ConsentWording.Version, "command line");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_s_mail_is_reported_once_in_a_signed_mail_that_tells_domains_and_results_only()
    {
        var clock = new MovedTime();
        await using var stage = await StartAsync(clock);
        await stage.DoAsync(Agree);
        (await stage.SendAsync(Secret("Kim <kim.secret@loud.example>"), "kim.secret@loud.example")).ShouldStartWith("250");
        (await stage.SendAsync(Secret("Kim <kim.secret@loud.example>"), "kim.secret@loud.example")).ShouldStartWith("250");
        (await stage.SendAsync(Secret("Eve <eve.secret@news.loud.example>"), "x@plain.example")).ShouldStartWith("250 2.0.0 Held");
        (await stage.SendAsync(Secret("Kim <kim.secret@loud.example>"), "kim.secret@loud.example", "talk-request@lists.example")).ShouldStartWith("250");
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        (await stage.DoAsync(new SendReports())).ShouldBeEmpty("the day is not over");

        clock.Offset += TimeSpan.FromDays(1);
        var sent = (await stage.DoAsync(new SendReports())).ShouldHaveSingleItem();
        sent.Recipients.ShouldBe(["d@loud.example", "r@wants.example"]);
        (sent.Rows, sent.Messages, sent.Report).ShouldBe((2, 4L, new DueReport(day, Ours, "loud.example")));
        sent.Note.ShouldContain("silent.example");
        (await stage.DoAsync(new SendReports())).ShouldBeEmpty();

        var mail = await stage.MailAsync("Report Domain: loud.example\r\n Submitter: lists.example\r\n Report-ID: <");
        mail.Mail.ShouldStartWith("<>");
        (await new DkimVerifier(new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] }), time: clock).VerifyAsync(RawMessage.Parse(mail.Octets), Cancelled))
            .Single().ShouldSatisfyAllConditions(d => d.Verdict.ShouldBe(DkimVerdict.Pass), d => d.Domain.ShouldBe(Ours));
        mail.Text.ShouldContain("From: <postmaster@lists.example>\r\n");
        var begin = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds();
        mail.Text.ShouldContain($"filename=\"lists.example!loud.example!{begin}!{begin + 86399}.xml.gz\"");

        var xml = Attachment(mail.Text);
        xml.ShouldNotContain("secret", Case.Insensitive);
        mail.Text.ShouldNotContain("secret", Case.Insensitive);
        AggregateReportReader.TryRead(Encoding.UTF8.GetBytes(xml), out var report, out var problem).ShouldBeTrue(problem);
        (report!.Policy.Domain, report.Policy.Policy, report.Policy.Discovery).ShouldBe(("loud.example", ListServer.MailAuth.Dmarc.DmarcPolicy.Reject, DiscoveryMethod.Treewalk));
        report.Rows.Select(row => (row.Count, row.HeaderFrom, row.EnvelopeFrom, row.Disposition, row.SpfAligned, row.DkimAligned)).ShouldBe(
            [(3, "loud.example", "loud.example", RowDisposition.Pass, true, false), (1, "news.loud.example", "plain.example", RowDisposition.Quarantine, false, false)]);
        report.Rows[1].Reasons.Single().Kind.ShouldBe(OverrideKind.LocalPolicy);
        report.Rows.ShouldAllBe(row => row.Source.ToString() == "127.0.0.1");
    }

    [Fact]
    public async Task Without_consent_nothing_is_counted_and_a_withdrawn_one_lets_nothing_be_sent()
    {
        var clock = new MovedTime();
        await using var stage = await StartAsync(clock);
        await stage.SendAsync(Secret("Kim <kim@loud.example>"), "kim@loud.example");
        await stage.DoAsync(Agree);
        (await stage.DoAsync(new PreviewReport("loud.example"))).ShouldSatisfyAllConditions(p => p.Rows.ShouldBe(0), p => p.Xml.ShouldBe(""));

        await stage.SendAsync(Secret("Kim <kim@loud.example>"), "kim@loud.example");
        (await stage.DoAsync(new PreviewReport("loud.example"))).ShouldSatisfyAllConditions(
            p => p.Messages.ShouldBe(1), p => p.Recipients.ShouldBe(["d@loud.example", "r@wants.example"]), p => p.Xml.ShouldContain("<header_from>loud.example</header_from>"));
        await stage.SendAsync(Secret("Kim <kim@loud.example>"), "kim@loud.example");
        await stage.DoAsync(new WithdrawDmarcConsent(Ours, ConsentPurpose.Reporting));
        clock.Offset += TimeSpan.FromDays(1);
        (await stage.DoAsync(new SendReports())).ShouldBeEmpty();
        (await stage.DoAsync(new BrowseSentReports())).Waiting.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_asks_for_no_report_gets_none_nor_do_we_ourselves()
    {
        var clock = new MovedTime();
        await using var stage = await StartAsync(clock);
        stage.Dns.AddText("_dmarc.lists.example", "v=DMARC1; p=none; rua=mailto:dmarc-reports@lists.example");
        stage.Dns.AddText("_dmarc.ours-only.example", "v=DMARC1; p=none; rua=mailto:dmarc-reports@lists.example");
        stage.Dns.AddText("ours-only.example._report._dmarc.lists.example", "v=DMARC1");
        await stage.DoAsync(Agree);
        foreach (var from in new[] { "ben@plain.example", "x@lists.example", "x@ours-only.example" })
        {
            await stage.SendAsync(ServerStage.Post(from: from), from);
        }

        clock.Offset += TimeSpan.FromDays(1);
        var outcomes = await stage.DoAsync(new SendReports());
        outcomes.Select(outcome => outcome.Report.PolicyDomain).Order().ShouldBe(["lists.example", "ours-only.example", "plain.example"]);
        outcomes.ShouldAllBe(outcome => outcome.Recipients.IsEmpty && outcome.Note.Length > 0 && outcome.MailId == null);
        stage.Peer.Messages.ShouldAllBe(mail => !mail.Text.Contains("Report Domain", StringComparison.Ordinal));
    }

    private static async Task<ServerStage> StartAsync(MovedTime clock)
    {
        var stage = await ServerStage.StartAsync(time: clock);
        stage.Dns.AddText("loud.example", "v=spf1 ip4:127.0.0.0/8 -all");
        stage.Dns.AddText("_dmarc.loud.example", "v=DMARC1; p=reject; rua=mailto:d@loud.example!10m,mailto:r@wants.example,mailto:v@silent.example");
        stage.Dns.AddText("loud.example._report._dmarc.wants.example", "v=DMARC1");
        return stage;
    }

    private static byte[] Secret(string from) => ServerStage.Post(subject: "A secret subject", body: "A secret body\r\n", from: from, id: "secret" + Guid.NewGuid().ToString("N"));

    private static string Attachment(string mail)
    {
        var base64 = mail.Split("\r\n\r\n")[^1].Split("\r\n--")[0];
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(base64.ReplaceLineEndings(""))), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        return reader.ReadToEnd();
    }

    /// <summary>A clock that goes with the machine's from noon on, until it is set ahead.</summary>
    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Offset { get; set; } = TimeSpan.FromHours(12) - System.GetUtcNow().TimeOfDay;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
