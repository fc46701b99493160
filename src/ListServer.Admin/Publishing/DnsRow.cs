using System.Collections.Immutable;
using ListServer.Lists.Publishing;

namespace ListServer.Admin.Publishing;

/// <summary>How a record stands.</summary>
public enum DnsState
{
    /// <summary>It is right.</summary>
    Good,

    /// <summary>Mail goes as it is, but it could be better.</summary>
    Advice,

    /// <summary>It is wrong.</summary>
    Fault,

    /// <summary>DNS gave no answer.</summary>
    Unasked,
}

/// <summary>One record: what it should be, what it is, and what to do about the difference.</summary>
/// <param name="Purpose">MX, SPF, DKIM, DMARC …</param>
/// <param name="Name">The name in DNS.</param>
/// <param name="Expected">What should stand there, as a line of a zone file; empty where many things would be right.</param>
/// <param name="Found">What stands there.</param>
/// <param name="State">How that is.</param>
/// <param name="Fault">What is wrong; null for what is right.</param>
public sealed record DnsRow(string Purpose, string Name, string Expected, ImmutableArray<string> Found, DnsState State, DnsFault? Fault)
{
    private const int MostFound = 10;
    private const int MostLetters = 1_000;

    internal static DnsRow Good(PublishedRecord record, IEnumerable<string> found) => new(record.Purpose, record.Name, record.ZoneLine, Few(found), DnsState.Good, null);

    internal static DnsRow Wrong(PublishedRecord record, IEnumerable<string> found, DnsFaultKind kind, params ImmutableArray<string> values) =>
        new(record.Purpose, record.Name, record.ZoneLine, Few(found), DnsState.Fault, new DnsFault(kind, [.. values.Select(Short)]) { Record = record.ZoneLine });

    internal static DnsRow Unasked(PublishedRecord record, string name, string? reason) =>
        new(record.Purpose, record.Name, record.ZoneLine, [], DnsState.Unasked, new DnsFault(DnsFaultKind.Unasked, [name, Short(reason ?? "no answer")]));

    /// <summary>The same, but nothing that stops mail.</summary>
    internal DnsRow AsAdvice() => this with { State = DnsState.Advice };

    /// <summary>The same, with another record to put, or none where the cure is another one.</summary>
    internal DnsRow Put(string? record) => this with { Fault = Fault! with { Record = record } };

    private static ImmutableArray<string> Few(IEnumerable<string> found) => [.. found.Take(MostFound).Select(Short)];

    // What a stranger's server says may be long.
    private static string Short(string text) => text.Length <= MostLetters ? text : string.Concat(text.AsSpan(0, MostLetters), "…");
}

/// <summary>A domain's records, compared with DNS.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Rows">One for each record.</param>
public sealed record DomainDns(string Domain, ImmutableArray<DnsRow> Rows);

/// <summary>What DNS says of the server and its domains.</summary>
/// <param name="Server">The server's name and addresses.</param>
/// <param name="Domains">The domains.</param>
public sealed record DnsReport(ImmutableArray<DnsRow> Server, ImmutableArray<DomainDns> Domains)
{
    /// <summary>All rows.</summary>
    internal IEnumerable<DnsRow> Rows => Server.Concat(Domains.SelectMany(domain => domain.Rows));

    /// <summary>How many records are wrong.</summary>
    public int Faults => Rows.Count(row => row.State == DnsState.Fault);

    /// <summary>How many could not be asked for.</summary>
    public int Unasked => Rows.Count(row => row.State == DnsState.Unasked);
}
