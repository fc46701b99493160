using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists.Publishing;

/// <summary>The public half of a domain's key.</summary>
/// <param name="Selector">Its selector.</param>
/// <param name="Record">The text of its record.</param>
public sealed record KeyText(string Selector, string Record);

/// <summary>What a domain has to publish, so that mail comes here and others believe what leaves.</summary>
public static class DomainRecords
{
    /// <summary>What a domain without mail says of SPF (RFC 7208 §10.1.2).</summary>
    public const string NoSpf = "v=spf1 -all";

    /// <summary>What a domain without mail says of DMARC.</summary>
    public const string NoDmarc = "v=DMARC1; p=reject";

    /// <summary>The null MX: nobody takes the domain's mail (RFC 7505 §3).</summary>
    public const string NullMx = "0 .";

    /// <summary>A week.</summary>
    private const int PolicySeconds = 604_800;

    /// <summary>All records, those of the domain's own zone first.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="face">How the world sees the server.</param>
    /// <param name="keys">The keys whose records have to stand.</param>
    public static ImmutableArray<PublishedRecord> Of(MailDomain domain, PublicFace face, IReadOnlyList<KeyText> keys) => domain.SendsNothing
        ?
        [
            new PublishedRecord("MX", domain.Name, "MX", NullMx),
            new PublishedRecord("SPF", domain.Name, "TXT", NoSpf),
            new PublishedRecord("DMARC", "_dmarc." + domain.Name, "TXT", NoDmarc),
        ]
        :
        [
            .. face.Exchangers.Select((host, place) => new PublishedRecord("MX", domain.Name, "MX", $"{(place + 1) * 10} {host}.")),
            new PublishedRecord("SPF", domain.Name, "TXT", Spf(face)),
            .. keys.Select(key => Dkim(domain, key)),
            Dmarc(domain, face),
            .. Sts(domain, face),
            TlsReports(domain, face),
            .. Permission(domain, face),
            .. face.Addresses.Select(address => Pointer(address, face)),
        ];

    /// <summary>The record that lets mail from here pass.</summary>
    public static string Spf(PublicFace face)
    {
        var terms = face.Addresses.Select(Term).Concat(face.Includes.Select(domain => "include:" + domain)).ToList();
        return $"v=spf1 {(terms.Count > 0 ? string.Join(' ', terms) : "a:" + face.HostName)} -all";
    }

    /// <summary>The mechanism that names an address.</summary>
    public static string Term(IPAddress address) => (address.AddressFamily == AddressFamily.InterNetwork ? "ip4:" : "ip6:") + address;

    /// <summary>A key's record.</summary>
    public static PublishedRecord Dkim(MailDomain domain, KeyText key) => new("DKIM", $"{key.Selector}._domainkey.{domain.Name}", "TXT", key.Record);

    /// <summary>The record to begin with: nobody's mail is touched, and reports come in.</summary>
    public static PublishedRecord Dmarc(MailDomain domain, PublicFace face) =>
        new("DMARC", "_dmarc." + domain.Name, "TXT", $"v=DMARC1; p=none; rua=mailto:{face.ReportAddress(domain)}");

    /// <summary>That a domain's reports may come to another one's address (RFC 9990 §4, AUTH-18).</summary>
    public static PublishedRecord Permission(string domain, string host) => new("DMARC reports", $"{domain}._report._dmarc.{host}", "TXT", "v=DMARC1", IsElsewhere: true);

    /// <summary>Where reports of TLS go (RFC 8460 §3).</summary>
    public static PublishedRecord TlsReports(MailDomain domain, PublicFace face) =>
        new("TLS-RPT", "_smtp._tls." + domain.Name, "TXT", $"v=TLSRPTv1; rua=mailto:{face.ReportAddress(domain)}");

    /// <summary>An address's way back to the name (AUTH-74).</summary>
    public static PublishedRecord Pointer(IPAddress address, PublicFace face) =>
        new("PTR", PublishedRecord.ReverseName(address), "PTR", face.HostName + ".", IsElsewhere: true);

    /// <summary>That there is a policy about TLS; none where nothing is asked of senders.</summary>
    public static IEnumerable<PublishedRecord> Sts(MailDomain domain, PublicFace face) => StsPolicy(face) is { } policy
        ? [new PublishedRecord("MTA-STS", "_mta-sts." + domain.Name, "TXT", $"v=STSv1; id={StsId(policy)}")]
        : [];

    /// <summary>The policy's file (RFC 8461 §3.2), which stands at https://mta-sts.DOMAIN/.well-known/mta-sts.txt; null where nothing is asked of senders.</summary>
    public static string? StsPolicy(PublicFace face) => face.Sts == StsWish.None
        ? null
        : $"version: STSv1\nmode: {face.Sts.ToString().ToLowerInvariant()}\n{string.Concat(face.Exchangers.Select(host => $"mx: {host}\n"))}max_age: {PolicySeconds}\n";

    /// <summary>RFC 8461 §3.1: the id is another one as soon as the policy is; so it is made of the policy.</summary>
    public static string StsId(string policy) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(policy)).AsSpan(0, 10));

    private static IEnumerable<PublishedRecord> Permission(MailDomain domain, PublicFace face)
    {
        var host = face.ReportAddress(domain).Split('@')[^1];
        var isFamily = host == domain.Name || host.EndsWith('.' + domain.Name, StringComparison.Ordinal) || domain.Name.EndsWith('.' + host, StringComparison.Ordinal);
        return isFamily ? [] : [Permission(domain.Name, host)];
    }
}
