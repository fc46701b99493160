namespace ListServer.Outbound;

/// <summary>How copies leave: the section "Outbound" of the configuration.</summary>
public sealed record OutboundOptions
{
    private const int SmtpPort = 25;

    /// <summary>AUTH-77: as many as Outlook.com takes.</summary>
    private const int MostPerDestination = 500;

    /// <summary>"host" or "host:port" that takes everything that no entry of <see cref="Routes"/> takes; null sends directly to each domain's MX.</summary>
    public string? Smarthost { get; init; }

    /// <summary>The account at the smarthost (RFC 4954), or null. Needs <see cref="SmarthostPassword"/> and verified TLS.</summary>
    public string? SmarthostUser { get; init; }

    /// <summary>The account's password, or null.</summary>
    public string? SmarthostPassword { get; init; }

    /// <summary>How the connection to the smarthost is protected.</summary>
    public TlsMode SmarthostTls { get; init; } = TlsMode.Opportunistic;

    /// <summary>"host" or "host:port" by recipient domain (lower-case A-labels): taken instead of MX and smarthost.</summary>
    public IReadOnlyDictionary<string, string> Routes { get; init; } = new Dictionary<string, string>();

    /// <summary>The port of every host for which none is written. At 25, mail that DNS leads back to this machine is refused as a loop.</summary>
    public int Port { get; init; } = SmtpPort;

    /// <summary>How connections to MX hosts and those of <see cref="Routes"/> are protected: none, opportunistic or required.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Opportunistic;

    /// <summary>
    /// Looks for signed TLSA records of MX hosts and takes no certificate but one they name (DANE). They are signed only when the name server validates DNSSEC and is
    /// on this machine or one of Dns:Validators; without one, and with <see cref="Tls"/>=none, nothing changes.
    /// </summary>
    public bool Dane { get; init; } = true;

    /// <summary>Heeds MTA-STS policies of recipients' domains (RFC 8461): fetched by HTTPS, kept for as long as they say. DANE goes before them; <see cref="Tls"/>=none before both.</summary>
    public bool MtaSts { get; init; } = true;

    /// <summary>A PEM file with roots to trust instead of the system's, or null.</summary>
    public string? TrustFile { get; init; }

    /// <summary>The name given in EHLO: this machine's, fully qualified, as reverse DNS knows it. Null takes the server's own name.</summary>
    public string? HeloName { get; init; }

    /// <summary>The most connections open at once.</summary>
    public int Concurrency { get; init; } = 200;

    /// <summary>The most connections open at once to one destination, once it has shown that it takes so many; 500 at the most (AUTH-77).</summary>
    public int ConcurrencyPerDestination { get; init; } = 20;

    /// <summary>The most connections open at once to one MX host, whatever the domains that share it; 500 at the most (AUTH-77). Hosts that the operator named have no such limit.</summary>
    public int ConcurrencyPerHost { get; init; } = 50;

    /// <summary>The most recipients of one transaction (RFC 5321 §4.5.3.1.8: every server takes 100).</summary>
    public int RecipientsPerTransaction { get; init; } = 100;

    /// <summary>How long one address may take to accept a connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a TLS handshake may take.</summary>
    public TimeSpan TlsTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the reply to a command, and the banner, may take (RFC 5321 §4.5.3.2: 5 minutes).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a block of 64 KB may take to be taken (RFC 5321 §4.5.3.2.5: 3 minutes).</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the reply to the final dot may take (RFC 5321 §4.5.3.2.6: 10 minutes, lest copies arrive twice).</summary>
    public TimeSpan FinalTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an open connection waits for more copies before QUIT.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a stop waits for the reply to a final dot that is already sent.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before the first retry.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest pause between two retries.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromSeconds(4000);

    /// <summary>How long after it was queued a copy is tried.</summary>
    public TimeSpan Expiry { get; init; } = TimeSpan.FromDays(5);

    /// <summary>What is wrong with these options, one sentence each; empty when they can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (!HostAndPort.TryParse(Smarthost ?? "localhost", SmtpPort, out _))
        {
            yield return $"Outbound:Smarthost: \"{Smarthost}\" is not host or host:port.";
        }

        foreach (var (domain, target) in Routes)
        {
            if (!HostAndPort.TryParse(target, SmtpPort, out _))
            {
                yield return $"Outbound:Routes:{domain}: \"{target}\" is not host or host:port.";
            }
        }

        foreach (var fault in ValidateCredential().Concat(ValidateNumbers()))
        {
            yield return fault;
        }
    }

    internal string Greeting => HeloName ?? System.Net.Dns.GetHostName();

    /// <summary>Where copies go; never the password.</summary>
    public override string ToString() => Smarthost ?? "MX";

    private IEnumerable<string> ValidateCredential()
    {
        if ((SmarthostUser is null) != (SmarthostPassword is null))
        {
            yield return "Outbound:SmarthostUser and Outbound:SmarthostPassword are given together or not at all.";
        }

        if (SmarthostUser is not null && (Smarthost is null || SmarthostTls is not (TlsMode.Required or TlsMode.Implicit)))
        {
            yield return "Outbound:SmarthostUser needs Outbound:Smarthost and Outbound:SmarthostTls=required or implicit: a password is sent over verified TLS only.";
        }

        if (Tls is TlsMode.Implicit)
        {
            yield return "Outbound:Tls=implicit: MX hosts know STARTTLS only; say required.";
        }

        if (TrustFile is not null && !File.Exists(TrustFile))
        {
            yield return $"Outbound:TrustFile: there is no file {TrustFile}.";
        }
    }

    private IEnumerable<string> ValidateNumbers()
    {
        if (HeloName is not null && !PathSyntax.IsHeloName(HeloName))
        {
            yield return $"Outbound:HeloName: \"{HeloName}\" is neither a host name nor an address literal.";
        }

        if (Port is < 1 or > 65535 || Concurrency < 1 || ConcurrencyPerDestination < 1 || ConcurrencyPerHost < 1 || RecipientsPerTransaction < 1)
        {
            yield return "Outbound:Port, Concurrency, ConcurrencyPerDestination, ConcurrencyPerHost and RecipientsPerTransaction are positive numbers.";
        }

        if (Math.Max(ConcurrencyPerDestination, ConcurrencyPerHost) > MostPerDestination)
        {
            yield return $"Outbound:ConcurrencyPerDestination, ConcurrencyPerHost: no provider takes more than {MostPerDestination} connections.";
        }

        TimeSpan[] times = [ConnectTimeout, TlsTimeout, CommandTimeout, DataTimeout, FinalTimeout, IdleTimeout, StopGrace, FirstRetry, LastRetry, Expiry];
        if (times.Any(t => t <= TimeSpan.Zero || t.TotalMilliseconds > int.MaxValue) || FirstRetry > LastRetry)
        {
            yield return "Outbound: every time is positive and under 24 days, and FirstRetry is not longer than LastRetry.";
        }
    }
}
