using ListServer.MailAuth.Dmarc;

namespace ListServer.Store;

/// <summary>What DNS said of a domain's mail authentication, on one day.</summary>
/// <param name="Domain">Lower-case A-labels.</param>
/// <param name="AskedAt">When.</param>
/// <param name="HasSpf">True for exactly one SPF record.</param>
/// <param name="HasDkimKeys">True when names stand below _domainkey: keys have no other sign in DNS as long as nobody knows their selectors.</param>
/// <param name="HasDmarc">True when a DMARC record applies, the domain's own or one above.</param>
/// <param name="Policy">What it asks for; none where none applies.</param>
/// <param name="Failure">Why it is not known, in words; null when it is.</param>
public sealed record DomainFacts(string Domain, DateTimeOffset AskedAt, bool HasSpf, bool HasDkimKeys, bool HasDmarc, DmarcPolicy Policy, string? Failure = null);
