namespace ListServer.Smtp;

/// <summary>How many connections one address or network may hold open, and begin within a minute.</summary>
/// <param name="Open">At once.</param>
/// <param name="NewPerMinute">Begun within one minute.</param>
public sealed record ClientQuota(int Open, int NewPerMinute);

/// <summary>What one peer, and all peers together, may use. The defaults are SEC-10 and SEC-11.</summary>
public sealed record SmtpLimits
{
    /// <summary>Octets of one message after dots are unstuffed (RFC 1870 §5 counts so too).</summary>
    public long MaxMessageSize { get; init; } = 25 * 1024 * 1024;

    /// <summary>Accepted recipients of one transaction; RFC 5321 §4.5.3.1.8 asks for at least 100.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>Octets of a command line with its CRLF; RFC 5321 §4.5.3.1.4 asks for at least 512.</summary>
    public int MaxCommandLine { get; init; } = 2048;

    /// <summary>Octets of an AUTH command or answer line (RFC 4954 §4).</summary>
    public int MaxAuthLine { get; init; } = 12288;

    /// <summary>Refused commands since the last accepted message, after which the session ends.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>Commands that lead nowhere (NOOP, RSET, VRFY …) since the last accepted message, after which the session ends.</summary>
    public int MaxJunkCommands { get; init; } = 100;

    /// <summary>Wrong passwords, after which the session ends.</summary>
    public int MaxAuthFailures { get; init; } = 3;

    /// <summary>Sessions of this endpoint at once. When full, the peer that has kept us waiting longest makes room for a new one.</summary>
    public int MaxConnections { get; init; } = 3000;

    /// <summary>For one address: IPv4 /32, IPv6 /64.</summary>
    public ClientQuota PerAddress { get; init; } = new(30, 300);

    /// <summary>For its network: IPv4 /24, IPv6 /56.</summary>
    public ClientQuota PerNetwork { get; init; } = new(90, 900);

    /// <summary>For the network around it: IPv4 /16, IPv6 /48.</summary>
    public ClientQuota PerWideNetwork { get; init; } = new(270, 2700);

    /// <summary>For one whole command line to arrive (RFC 5321 §4.5.3.2.7).</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far a message may fall behind <see cref="MinDataRate"/>.</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>For a TLS handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What the timeouts shrink to when every connection is taken; they begin to shrink at half.</summary>
    public TimeSpan StressedTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Octets a second that a message has to keep up with.</summary>
    public int MinDataRate { get; init; } = 500;

    /// <summary>How long open sessions may finish what they do when the listener stops.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <exception cref="ArgumentException">A number is too small to serve mail with; the message names it.</exception>
    internal void Validate()
    {
        AtLeast(1, MaxMessageSize, nameof(MaxMessageSize));
        AtLeast(1, MaxRecipients, nameof(MaxRecipients));
        AtLeast(512, MaxCommandLine, nameof(MaxCommandLine));
        AtLeast(512, MaxAuthLine, nameof(MaxAuthLine));
        AtLeast(1, MaxErrors, nameof(MaxErrors));
        AtLeast(1, MaxJunkCommands, nameof(MaxJunkCommands));
        AtLeast(1, MaxAuthFailures, nameof(MaxAuthFailures));
        AtLeast(1, MaxConnections, nameof(MaxConnections));
        AtLeast(1, MinDataRate, nameof(MinDataRate));
        foreach (var (quota, name) in new[]
        {
            (PerAddress, nameof(PerAddress)), (PerNetwork, nameof(PerNetwork)), (PerWideNetwork, nameof(PerWideNetwork)),
        })
        {
            AtLeast(1, quota.Open, name);
            AtLeast(1, quota.NewPerMinute, name);
        }
        foreach (var (time, name) in new[]
        {
            (CommandTimeout, nameof(CommandTimeout)), (DataTimeout, nameof(DataTimeout)),
            (HandshakeTimeout, nameof(HandshakeTimeout)), (StressedTimeout, nameof(StressedTimeout)), (StopGrace, nameof(StopGrace)),
        })
        {
            AtLeast(1, (long)time.TotalSeconds, name);
        }
    }

    private static void AtLeast(long least, long value, string name)
    {
        if (value < least)
            throw new ArgumentException($"{name} is {value}; it must be at least {least}.");
    }
}
