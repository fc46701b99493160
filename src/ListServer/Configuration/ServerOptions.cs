using System.Collections.Immutable;
using System.Net;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Publishing;
using ListServer.Lists.Reports;
using ListServer.Outbound;

namespace ListServer.Configuration;

/// <summary>All that an operator can set. Defaults &lt; JSON file &lt; environment (LISTSERVER_SMTP__LISTEN) &lt; --set Smtp:Listen=….</summary>
public sealed record ServerOptions
{
    /// <summary>The name in greetings, Received fields and Authentication-Results; by default the machine's name.</summary>
    public string HostName { get; init; } = "";

    /// <summary>Who reads mail to postmaster and abuse of all domains, and to the owners of lists that have none; empty for the owners of the domain's lists.</summary>
    public string Postmaster { get; init; } = "";

    /// <summary>Reception from other servers.</summary>
    public SmtpOptions Smtp { get; init; } = new();

    /// <summary>Reception from people's programs.</summary>
    public SubmissionOptions Submission { get; init; } = new();

    /// <summary>Reception from an MTA in front.</summary>
    public LmtpOptions Lmtp { get; init; } = new();

    /// <summary>Delivery.</summary>
    public OutboundOptions Outbound { get; init; } = new();

    /// <summary>Name look-up.</summary>
    public DnsOptions Dns { get; init; } = new();

    /// <summary>What the domains' DNS records have to say.</summary>
    public PublishOptions Publish { get; init; } = new();

    /// <summary>How much others have to report before 'dmarc advise' proposes a stricter policy.</summary>
    public DmarcThresholds Dmarc { get; init; } = new();

    /// <summary>The keys that sign.</summary>
    public KeysOptions Keys { get; init; } = new();

    /// <summary>Whom to believe.</summary>
    public TrustOptions Trust { get; init; } = new();

    /// <summary>The pages.</summary>
    public WebOptions Web { get; init; } = new();

    /// <summary>Who is told by HTTP.</summary>
    public WebhookOptions Webhooks { get; init; } = new();

    /// <summary>What goes to standard error.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>Metrics and health.</summary>
    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>What makes no sense, one sentence each; empty when the options can be used.</summary>
    public IEnumerable<string> Problems()
    {
        if (Uri.CheckHostName(HostName) is not (UriHostNameType.Dns or UriHostNameType.IPv4) || HostName.Any(char.IsUpper))
        {
            yield return $"HostName: '{HostName}' is not a host name in lower case.";
        }

        if (Postmaster.Length > 0 && !MemberAddress.TryParse(Postmaster, out _, out var error))
        {
            yield return $"Postmaster: {error}";
        }

        if (Web.BaseUrl.Length > 0 && !(Uri.TryCreate(Web.BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && Uri.IsWellFormedUriString(Web.BaseUrl, UriKind.Absolute)))
        {
            yield return $"Web:BaseUrl: '{Web.BaseUrl}' is not a web address like https://lists.example.org.";
        }

        if (Smtp.MaxMessageOctets < 1_024 || Smtp.MaxMessageOctets > 1_000_000_000)
        {
            yield return "Smtp:MaxMessageOctets has to be between 1024 and 1000000000.";
        }

        if (Smtp.MaxRecipients < 1 || Smtp.MaxConnections < 1 || Smtp.MaxConnectionsPerAddress < 1 || Smtp.IdleTimeout < TimeSpan.FromSeconds(1))
        {
            yield return "Smtp:MaxRecipients, MaxConnections and MaxConnectionsPerAddress have to be at least 1, IdleTimeout at least 1s.";
        }

        if (Dns.AuthorityPort is < 1 or > 65_535)
        {
            yield return "Dns:AuthorityPort has to be between 1 and 65535.";
        }

        if (Keys.Secret.Length is > 0 and < KeysOptions.ShortestSecret)
        {
            yield return $"Keys:Secret has to have {KeysOptions.ShortestSecret} characters at least. 'openssl rand -base64 32' makes a good one.";
        }

        if (Dns.Timeout < TimeSpan.FromMilliseconds(1))
        {
            yield return "Dns:Timeout has to be more than nothing.";
        }

        foreach (var name in Publish.MailExchangers.Concat(Publish.Includes).Where(name => DomainName.Normalize(name) != name))
        {
            yield return $"Publish:MailExchangers and Publish:Includes are names in lower case, such as mx.example.org, not '{name}'.";
        }

        if (Publish.ReportsTo.Length > 0 && !MemberAddress.TryParse(Publish.ReportsTo, out _, out var noAddress))
        {
            yield return $"Publish:ReportsTo: {noAddress}";
        }

        foreach (var problem in Outbound.Validate().Concat(Web.Oidc.Problems()).Concat(Dmarc.Problems()))
        {
            yield return problem;
        }
    }
}

/// <summary>Reception from other servers.</summary>
public sealed record SmtpOptions
{
    /// <summary>Where to listen in clear, STARTTLS offered.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [new(IPAddress.Any, 25)];

    /// <summary>Where to listen with TLS from the first octet; empty for nowhere.</summary>
    public ImmutableArray<IPEndPoint> TlsListen { get; init; } = [];

    /// <summary>A PEM file with the certificate and its chain; empty for a self-signed one, made at first start.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>The PEM file with its private key; empty when the certificate's file holds it too.</summary>
    public string CertificateKey { get; init; } = "";

    /// <summary>The largest message, in octets.</summary>
    public long MaxMessageOctets { get; init; } = 26_214_400;

    /// <summary>Recipients of one transaction.</summary>
    public int MaxRecipients { get; init; } = 1_000;

    /// <summary>Open connections in all.</summary>
    public int MaxConnections { get; init; } = 3_000;

    /// <summary>
    /// Open connections from one address; from its network three times, from the network around that nine times as many.
    /// In one minute ten times as many may be begun (SEC-10).
    /// </summary>
    public int MaxConnectionsPerAddress { get; init; } = 30;

    /// <summary>How long a client may be silent.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Proxies and networks of proxies that may say by XCLIENT or XFORWARD who the real client is.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];
}

/// <summary>Reception from people's programs: AUTH over TLS, and From bound to the account (AUTH-63).</summary>
public sealed record SubmissionOptions
{
    /// <summary>Where to listen, STARTTLS demanded (port 587); empty for nowhere.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [];

    /// <summary>Where to listen with TLS from the first octet (port 465); empty for nowhere.</summary>
    public ImmutableArray<IPEndPoint> TlsListen { get; init; } = [];
}

/// <summary>Reception from an MTA in front (RFC 2033).</summary>
public sealed record LmtpOptions
{
    /// <summary>Where to listen; empty for nowhere.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [];

    /// <summary>
    /// How many Received fields the MTAs in front add: the client's address is read from the last of them, when neither XCLIENT nor XFORWARD told it.
    /// 0 when none can be trusted: then SPF is none.
    /// </summary>
    public int TrustedReceived { get; init; } = 1;

    /// <summary>
    /// The authserv-id under which an MTA in front has checked SPF already: its result is taken for ours (DKIM, ARC and DMARC are always found here).
    /// Empty to check SPF ourselves. The MTA in front must take fields of its own name out of what it receives (RFC 8601 §5).
    /// </summary>
    public string TrustedAuthservId { get; init; } = "";
}

/// <summary>Name look-up.</summary>
public sealed record DnsOptions
{
    /// <summary>The servers to ask; empty for those of the machine.</summary>
    public ImmutableArray<IPEndPoint> Servers { get; init; } = [];

    /// <summary>
    /// Addresses of <see cref="Servers"/>, beside those on this machine, that validate DNSSEC and are reached over a network on which nobody else can write: what they call
    /// authenticated is believed (DANE).
    /// </summary>
    public ImmutableArray<IPAddress> Validators { get; init; } = [];

    /// <summary>The port of the zones' own name servers, which are asked for keys one by one; another one than 53 is for tests.</summary>
    public int AuthorityPort { get; init; } = 53;

    /// <summary>How long one question waits for one server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>What the domains' DNS records have to say; <c>listserver dns show</c> writes them out, and <c>listserver dns check</c> compares.</summary>
public sealed record PublishOptions
{
    /// <summary>The hosts that the domains' MX records name, best first; empty for this server's <see cref="ServerOptions.HostName"/>.</summary>
    public ImmutableArray<string> MailExchangers { get; init; } = [];

    /// <summary>The addresses that mail leaves from, as the world sees them; empty for those that DNS knows of this server's name.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>Domains whose SPF records are included, as the provider of a smarthost tells.</summary>
    public ImmutableArray<string> Includes { get; init; } = [];

    /// <summary>The address that reports of DMARC and of TLS are asked to; empty for dmarc-reports at each domain.</summary>
    public string ReportsTo { get; init; } = "";

    /// <summary>What is asked of senders about TLS by MTA-STS: none, testing or enforce.</summary>
    public StsWish MtaSts { get; init; } = StsWish.Testing;
}

/// <summary>The keys that sign.</summary>
public sealed record KeysOptions
{
    internal const int ShortestSecret = 16;

    /// <summary>
    /// What the private keys are encrypted with on disk, best given in the environment (LISTSERVER_KEYS__SECRET); empty for keys in plain text. Once given, the server
    /// starts with this secret only.
    /// </summary>
    public string Secret { get; init; } = "";

    /// <summary>Never the secret.</summary>
    public override string ToString() => Secret.Length > 0 ? "encrypted" : "in plain text";
}

/// <summary>Whom to believe.</summary>
public sealed record TrustOptions
{
    /// <summary>Domains whose ARC seals may vouch for an author (AUTH-46).</summary>
    public ImmutableArray<string> Sealers { get; init; } = [];

    /// <summary>Author domains that are treated as if their DMARC policy were strict (AUTH-72).</summary>
    public ImmutableArray<string> AlwaysStrict { get; init; } = ["gmail.com"];
}

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary>Text on a terminal, JSON otherwise.</summary>
    Auto,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A JSON object a line.</summary>
    Json,
}

/// <summary>What goes to standard error.</summary>
public sealed record LogOptions
{
    /// <summary>How lines look.</summary>
    public LogFormat Format { get; init; } = LogFormat.Auto;

    /// <summary>Writes people's addresses as they are. Without it a hash stands for each, another one after each start.</summary>
    public bool ShowAddresses { get; init; }
}

/// <summary>Metrics and health.</summary>
public sealed record MetricsOptions
{
    /// <summary>
    /// Where /metrics, /healthz and /readyz are served, such as 127.0.0.1:9465; empty for nowhere. There is no password before them: give an address that only
    /// the operator's machines reach.
    /// </summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [];
}

/// <summary>Who is told by HTTP.</summary>
public sealed record WebhookOptions
{
    /// <summary>
    /// Networks of your own where webhooks may lead, though they are no part of the Internet: 10.1.0.0/16. There they may be told without TLS, too.
    /// Empty for none: whoever owns a list must not reach what is behind your walls.
    /// </summary>
    public ImmutableArray<IPNetwork> AllowedNetworks { get; init; } = [];
}

/// <summary>The pages.</summary>
public sealed record WebOptions
{
    /// <summary>Where to listen; empty for nowhere.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [new(IPAddress.Loopback, 8080)];

    /// <summary>The address under which people reach the pages, for links in mail: https://lists.example.org. Empty for no such links.</summary>
    public string BaseUrl { get; init; } = "";

    /// <summary>Proxies in front of the pages, and networks of them, that may say by X-Forwarded-For and X-Forwarded-Proto who the real client is and how it came.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Who else says who somebody is.</summary>
    public OidcOptions Oidc { get; init; } = new();
}

/// <summary>A provider of identities by OpenID Connect. It signs in addresses that it calls verified and that are known here, beside links, passkeys and passwords.</summary>
public sealed record OidcOptions
{
    /// <summary>Where the provider is: https://login.example.org. Empty for none.</summary>
    public string Authority { get; init; } = "";

    /// <summary>As what the provider knows this server. It sends people back to Web:BaseUrl and /sign-in/oidc/callback.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>By what this server proves it.</summary>
    public string ClientSecret { get; init; } = "";

    /// <summary>As people call the provider; empty for its host name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What makes no sense, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if ((Authority.Length == 0) != (ClientId.Length == 0) || (Authority.Length == 0) != (ClientSecret.Length == 0))
        {
            yield return "Web:Oidc: Authority, ClientId and ClientSecret are all set, or none of them.";
        }

        if (Authority.Length > 0 && !(Uri.TryCreate(Authority, UriKind.Absolute, out var url) && (url.Scheme is "https" || (url.Scheme is "http" && url.IsLoopback))))
        {
            yield return $"Web:Oidc:Authority: '{Authority}' is not an https address.";
        }
    }
}
