using System.Collections.Immutable;
using System.Net;

namespace ListServer.Lists.Publishing;

/// <summary>What a domain asks of senders about TLS (RFC 8461 §5).</summary>
public enum StsWish
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Report what would not have come, and let it come.</summary>
    Testing,

    /// <summary>Send only to hosts that prove their names.</summary>
    Enforce,
}

/// <summary>How the world sees the server: what its domains' DNS records have to say.</summary>
/// <param name="HostName">The name that the server greets with.</param>
public sealed record PublicFace(string HostName)
{
    /// <summary>Who takes the domains' mail; empty for the server itself.</summary>
    public ImmutableArray<string> MailExchangers { get; init; } = [];

    /// <summary>The addresses that mail leaves from; empty for those of <see cref="HostName"/>.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>Domains of others through whom mail leaves, as their SPF records are included.</summary>
    public ImmutableArray<string> Includes { get; init; } = [];

    /// <summary>Where DMARC's and TLS reports are to go; empty for dmarc-reports at the domain itself.</summary>
    public string ReportsTo { get; init; } = "";

    /// <summary>What is asked of senders about TLS.</summary>
    public StsWish Sts { get; init; } = StsWish.Testing;

    /// <summary>The host through which all mail leaves; null where it goes to the members' hosts.</summary>
    public string? Smarthost { get; init; }

    /// <summary>The hosts of a domain's MX records.</summary>
    public ImmutableArray<string> Exchangers => MailExchangers.IsEmpty ? [HostName] : MailExchangers;

    /// <summary>Where a domain's reports go.</summary>
    public string ReportAddress(MailDomain domain) => ReportsTo.Length > 0 ? ReportsTo : $"{ListAddress.ReportMailbox}@{domain.Name}";
}
