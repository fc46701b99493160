using System.Collections.Immutable;
using System.Net;

namespace ListServer.MailAuth.Dns;

/// <summary>The record types that mail needs, with their numbers on the wire.</summary>
public enum DnsRecordType
{
    /// <summary>IPv4 address (RFC 1035).</summary>
    A = 1,

    /// <summary>Name server (RFC 1035).</summary>
    NS = 2,

    /// <summary>Pointer, for reverse look-ups (RFC 1035).</summary>
    Ptr = 12,

    /// <summary>Mail exchange (RFC 1035).</summary>
    MX = 15,

    /// <summary>Text (RFC 1035).</summary>
    Txt = 16,

    /// <summary>IPv6 address (RFC 3596).</summary>
    Aaaa = 28,

    /// <summary>Certificate association (RFC 6698).</summary>
    Tlsa = 52,
}

/// <summary>What kind of answer came. The four are never mixed up: each means something else to SPF, DMARC and delivery.</summary>
public enum DnsStatus
{
    /// <summary>At least one record of the asked type.</summary>
    Success,

    /// <summary>The name exists, but has no record of the asked type (NOERROR, no answers).</summary>
    NoData,

    /// <summary>The name does not exist (RCODE 3), or can't be put on the wire at all.</summary>
    NxDomain,

    /// <summary>No usable answer: time-out, SERVFAIL, REFUSED, a broken packet. Trying again may help.</summary>
    Failure,
}

/// <summary>One record's data.</summary>
public abstract record DnsRecord;

/// <summary>An A or AAAA record.</summary>
public sealed record AddressRecord(IPAddress Address) : DnsRecord;

/// <summary>An MX record. <paramref name="Exchange"/> has no final dot; it is empty for a null MX (RFC 7505).</summary>
public sealed record MXRecord(int Preference, string Exchange) : DnsRecord;

/// <summary>A PTR or NS record's target, without the final dot.</summary>
public sealed record NameRecord(string Name) : DnsRecord;

/// <summary>A TXT record, its character strings joined without a separator; each char is one octet (Latin-1).</summary>
public sealed record TxtRecord(string Text) : DnsRecord;

/// <summary>A TLSA record (RFC 6698).</summary>
public sealed record TlsaRecord(byte Usage, byte Selector, byte MatchingType, ImmutableArray<byte> Association) : DnsRecord;

/// <summary>The outcome of one question.</summary>
/// <param name="Status">The kind of answer.</param>
/// <param name="Records">The records of the asked type, CNAMEs followed; empty unless <see cref="DnsStatus.Success"/>.</param>
/// <param name="TimeToLive">How long the answer may be kept: the least TTL of the records, or the negative TTL of RFC 2308; zero for a failure.</param>
/// <param name="IsAuthenticated">True when the resolver set the AD bit (RFC 4035): from a server on loopback or one of <see cref="DnsClientResolverOptions.TrustedServers"/>.</param>
/// <param name="Reason">For a failure or a bad name, what went wrong, in words; otherwise null.</param>
public sealed record DnsAnswer(
    DnsStatus Status,
    ImmutableArray<DnsRecord> Records,
    TimeSpan TimeToLive,
    bool IsAuthenticated = false,
    string? Reason = null)
{
    /// <summary>The name at which the records stand, without the final dot: the one asked for, or where its CNAMEs lead; null without records.</summary>
    public string? Owner { get; init; }

    /// <summary>An answer without records.</summary>
    public static DnsAnswer Empty(DnsStatus status, TimeSpan timeToLive = default, string? reason = null) =>
        new(status, [], timeToLive, false, reason);
}
