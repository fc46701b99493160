using System.Globalization;
using System.Net;
using System.Text;
using ListServer.Admin.Reports;
using ListServer.Lists;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Store.Changes;
using ListServer.Store.Keys;

namespace ListServer.Web.Tests;

/// <summary>Reports about lists.example with one of each: ours and right, a newsletter service without its key, who comes every day, a forger, a forwarder, many more.</summary>
internal static class Reported
{
    public const string Domain = "lists.example";
    public const string Ours = "192.0.2.25";
    public const string Newsletter = "198.51.100.7";
    public const string Steady = "203.0.113.66";
    public const string Forger = "203.0.114.9";

    /// <summary>A report for each of the last days, and one that nobody vouches for.</summary>
    public static async Task FillAsync(Site site, int days = 20)
    {
        for (var day = days; day > 0; day--)
        {
            await TakeAsync(site, day, string.Concat([
                Row(Ours, 400 - (day * 5), "pass", "pass", "s1", "pass", Domain),
                Row(Newsletter, 20, "fail", "fail", "news", "permerror", "mailer.example"),
                Row(Steady, 3, "fail", "fail", null, "", "elsewhere.example"),
                .. day == 2 ? Enumerable.Range(1, 20).Select(n => Row(string.Create(CultureInfo.InvariantCulture, $"203.0.{100 + n}.9"), 5 + n, "fail", "fail", null, "", "forger.example")) : [],
                Row("198.51.101.3", 6, "pass", "fail", "s1", "pass", "forwarder.example"),
            ]));
        }
    }

    /// <summary>The domain's key stands in DNS, and so do SPF and a policy.</summary>
    public static async Task PublishAsync(Site site, string policy)
    {
        using var key = SigningKey.GenerateRsa();
        site.Store.Keys.TryAdd(new StoredKey(Domain, "s1", key.ToPem()));
        await site.Store.CommitAsync(new DomainSaved(new MailDomain(Domain, "s1")), CancellationToken.None);
        site.Dns.Records[("mx.lists.example", DnsRecordType.A)] = new AddressRecord(IPAddress.Parse(Ours));
        site.Dns.Records[(Domain, DnsRecordType.Txt)] = new TxtRecord($"v=spf1 ip4:{Ours} -all");
        site.Dns.Records[("s1._domainkey." + Domain, DnsRecordType.Txt)] = new TxtRecord(key.DnsRecord);
        site.Dns.Records[("_dmarc." + Domain, DnsRecordType.Txt)] = new TxtRecord($"v=DMARC1; {policy}; rua=mailto:dmarc-reports@{Domain}");
    }

    public static byte[] Report(Site site, int daysAgo, string rows)
    {
        var begin = new DateTimeOffset(site.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-daysAgo).ToUnixTimeSeconds();
        return Encoding.UTF8.GetBytes($"""
            <feedback><version>1.0</version><report_metadata><org_name>Receiver {daysAgo % 3}</org_name><email>dmarc@receiver.example</email><report_id>{daysAgo}</report_id>
            <date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata>
            <policy_published><domain>{Domain}</domain><p>none</p></policy_published>{rows}</feedback>
            """);
    }

    private static async Task TakeAsync(Site site, int daysAgo, string rows) =>
        (await site.DoAsync(new ImportReports([new ReportFile("report.xml", Report(site, daysAgo, rows))]))).ShouldHaveSingleItem().Answer.Fate.ShouldBe(ReportFate.Taken);

    private static string Row(string source, int count, string dkim, string spf, string? selector, string signature, string envelope) => $"""
        <record><row><source_ip>{source}</source_ip><count>{count}</count>
        <policy_evaluated><disposition>none</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>
        <identifiers><header_from>{Domain}</header_from></identifiers>
        <auth_results>{(selector is null ? "" : $"<dkim><domain>{Domain}</domain><selector>{selector}</selector><result>{signature}</result></dkim>")}
        <spf><domain>{envelope}</domain><result>pass</result></spf></auth_results></record>
        """;
}
