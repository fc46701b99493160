using System.Security.Cryptography;
using System.Text;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>
/// The world that a domain sends into: receivers who look at the domain's zone as it stands, judge a day's mail by it, and mail their aggregate reports, signed
/// (RFC 9990 §3.5). Beside the domain's own server there are a newsletter service that signs in its name, who forges it every day, and who does so once.
/// </summary>
internal sealed class ReportedWorld
{
    public const string Domain = "lists.example";
    public const string Forger = "203.0.113.66";

    private const string Server = "192.0.2.25";
    private const string Newsletter = "198.51.100.7";
    private const string Selector = "r1";

    private readonly Dictionary<string, string> _keys = new() { ["bigmail.example"] = Key(), ["post.example"] = Key() };
    private int _reports;

    /// <summary>The zones of everybody else.</summary>
    public static readonly IReadOnlyList<string> Zones = ["example", "2.0.192.in-addr.arpa", "100.51.198.in-addr.arpa", "113.0.203.in-addr.arpa", "127.in-addr.arpa"];

    /// <summary>Who reports.</summary>
    public IEnumerable<string> Receivers => _keys.Keys;

    /// <summary>The records of one of these zones. The zone above the domain's own names its server, as a parent does.</summary>
    public string RecordsOf(string zone) => zone switch
    {
        "example" => "ns1 IN A 127.0.0.1\nlists IN NS ns1\nout.news IN A 198.51.100.7\n" + string.Concat(_keys.Select(key => $"""
            {Selector}._domainkey.{key.Key}. IN TXT {Strings($"v=DKIM1; k=rsa; p={PublicOf(key.Value)}")}
            _dmarc.{key.Key}. IN TXT "v=DMARC1; p=reject"

            """)),
        "2.0.192.in-addr.arpa" => $"25 IN PTR mx.{Domain}.\n",
        "100.51.198.in-addr.arpa" => "7 IN PTR out.news.example.\n",
        _ => "",
    };

    /// <summary>A receiver's report of a day, as a signed mail; it goes by what the domain's zone says.</summary>
    public async Task<byte[]> MailAsync(string receiver, DateOnly day, string zone, Stranger signer, CancellationToken cancellationToken) =>
        (await signer.AskAsync<Signed>(
            new { op = "sign", message = Unsigned(receiver, day, zone, Rows(day, zone)), domain = receiver, selector = Selector, key = _keys[receiver], canonicalization = "relaxed/relaxed" },
            cancellationToken)).Message;

    /// <summary>A mail that only says it is a receiver's report: all of the server's own mail failed.</summary>
    public byte[] Lie(string receiver, DateOnly day, string zone) => Unsigned(receiver, day, zone, Row(Server, 5_000, false, false, "s1", "permerror", Domain));

    private static string Rows(DateOnly day, string zone)
    {
        var isNewsletterKeyed = zone.Contains("news._domainkey", StringComparison.Ordinal);
        return Row(Server, 40, true, true, "s1", "pass", Domain)
            + Row(Newsletter, 5, isNewsletterKeyed, false, "news", isNewsletterKeyed ? "pass" : "permerror", "news.example")
            + Row(Forger, 7, false, false, null, null, "elsewhere.example")
            + Row($"203.0.113.{day.DayNumber % 50}", 3, false, false, null, null, "elsewhere.example");
    }

    private byte[] Unsigned(string receiver, DateOnly day, string zone, string rows)
    {
        var id = $"{++_reports}.{receiver}";
        var report = Convert.ToBase64String(Encoding.UTF8.GetBytes(Xml(receiver, id, day, zone, rows)), Base64FormattingOptions.InsertLineBreaks);
        return Encoding.ASCII.GetBytes(string.Join("\r\n",
            $"From: dmarc@{receiver}",
            $"To: dmarc-reports@{Domain}",
            $"Subject: Report Domain: {Domain} Submitter: {receiver} Report-ID: <{id}>",
            $"Date: {day.AddDays(1).ToString("ddd, dd MMM yyyy", System.Globalization.CultureInfo.InvariantCulture)} 03:00:00 +0000",
            $"Message-ID: <{id}@{receiver}>",
            "MIME-Version: 1.0",
            "Content-Type: text/xml; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            $"Content-Disposition: attachment; filename=\"{receiver}!{Domain}!{_reports}.xml\"",
            "",
            report,
            ""));
    }

    private static string Xml(string receiver, string id, DateOnly day, string zone, string rows)
    {
        var begin = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds();
        var record = zone.Split('\n').Last(line => line.StartsWith($"_dmarc.{Domain}.", StringComparison.Ordinal));
        var policy = record.Contains("p=reject", StringComparison.Ordinal) ? "reject" : record.Contains("p=quarantine", StringComparison.Ordinal) ? "quarantine" : "none";
        return $"""
            <feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><version>1.0</version>
            <report_metadata><org_name>{receiver}</org_name><email>dmarc@{receiver}</email><report_id>{id}</report_id>
            <date_range><begin>{begin}</begin><end>{begin + 86_399}</end></date_range></report_metadata>
            <policy_published><domain>{Domain}</domain><p>{policy}</p><testing>{(record.Contains("t=y", StringComparison.Ordinal) ? "y" : "n")}</testing></policy_published>
            {rows}</feedback>
            """;
    }

    private static string Row(string source, int count, bool dkim, bool spf, string? selector, string? signature, string path) => $"""
        <record><row><source_ip>{source}</source_ip><count>{count}</count>
        <policy_evaluated><disposition>none</disposition><dkim>{Word(dkim)}</dkim><spf>{Word(spf)}</spf></policy_evaluated></row>
        <identifiers><header_from>{Domain}</header_from><envelope_from>{path}</envelope_from></identifiers>
        <auth_results>{(selector is null ? "" : $"<dkim><domain>{Domain}</domain><selector>{selector}</selector><result>{signature}</result></dkim>")}
        <spf><domain>{path}</domain><result>pass</result></spf></auth_results></record>

        """;

    private static string Word(bool passes) => passes ? "pass" : "fail";

    private static string Key()
    {
        using var key = RSA.Create(2048);
        return key.ExportRSAPrivateKeyPem();
    }

    private static string PublicOf(string pem)
    {
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    private static string Strings(string text) => string.Join(' ', text.Chunk(255).Select(part => $"\"{new string(part)}\""));

    private sealed record Signed(byte[] Message);
}
