using System.Collections.Immutable;

namespace ListServer.Store;

/// <summary>What stood behind a domain's TLS (RFC 8460 §4.4).</summary>
public enum TlsPolicyKind
{
    /// <summary>Nothing: TLS was opportunistic.</summary>
    NoPolicyFound,

    /// <summary>Signed TLSA records.</summary>
    Tlsa,

    /// <summary>An MTA-STS policy.</summary>
    Sts,
}

/// <summary>How often one thing went wrong.</summary>
/// <param name="Result">The word of RFC 8460 §4.3.</param>
/// <param name="Host">The MX host.</param>
/// <param name="SendingAddress">From which address; null when no connection was made.</param>
/// <param name="ReceivingAddress">To which; null when no connection was made.</param>
/// <param name="Words">What was wrong, in words.</param>
/// <param name="Count">So many sessions.</param>
public sealed record TlsFailureTally(string Result, string Host, string? SendingAddress, string? ReceivingAddress, string Words, long Count);

/// <summary>How connections for one domain fared with TLS on one day (UTC): what a report of RFC 8460 is made of.</summary>
/// <param name="Day">The day.</param>
/// <param name="Domain">The recipients' domain.</param>
/// <param name="Kind">What stood behind it.</param>
public sealed record TlsTally(DateOnly Day, string Domain, TlsPolicyKind Kind)
{
    /// <summary>So many different failures are told apart; further ones are counted in <see cref="Failures"/> alone.</summary>
    public const int MostDetails = 100;

    /// <summary>The policy's lines as they were seen last.</summary>
    public ImmutableArray<string> Policy { get; init; } = [];

    /// <summary>The names of MX hosts in an MTA-STS policy.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Sessions with TLS as it should be.</summary>
    public long Successes { get; init; }

    /// <summary>Sessions that went wrong.</summary>
    public long Failures { get; init; }

    /// <summary>What went wrong.</summary>
    public ImmutableArray<TlsFailureTally> Details { get; init; } = [];

    /// <summary>Both together; what is known of the policy is the other's, when that knows it.</summary>
    public TlsTally Plus(TlsTally more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var details = Details.ToBuilder();
        foreach (var detail in more.Details)
        {
            var at = details.ToList().FindIndex(d => d with { Count = detail.Count } == detail);
            if (at >= 0)
            {
                details[at] = detail with { Count = details[at].Count + detail.Count };
            }
            else if (details.Count < MostDetails)
            {
                details.Add(detail);
            }
        }

        return this with
        {
            Policy = more.Policy.IsEmpty ? Policy : more.Policy,
            Hosts = more.Policy.IsEmpty ? Hosts : more.Hosts,
            Successes = Successes + more.Successes,
            Failures = Failures + more.Failures,
            Details = details.ToImmutable(),
        };
    }
}
