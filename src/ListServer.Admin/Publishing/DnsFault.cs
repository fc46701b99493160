using System.Collections.Immutable;
using System.Globalization;

namespace ListServer.Admin.Publishing;

/// <summary>What can be wrong with a domain's records.</summary>
public enum DnsFaultKind
{
    /// <summary>DNS gave no answer: nothing is known of the record.</summary>
    Unasked,

    /// <summary>The server's name has no address.</summary>
    HostMissing,

    /// <summary>An address has no name.</summary>
    PointerMissing,

    /// <summary>An address's name does not lead back to it.</summary>
    PointerNotBack,

    /// <summary>There is no MX.</summary>
    MxMissing,

    /// <summary>The MX says that nobody takes mail.</summary>
    MxNull,

    /// <summary>The MX names other hosts.</summary>
    MxElsewhere,

    /// <summary>The MX names an alias.</summary>
    MxAlias,

    /// <summary>The MX names a host without address.</summary>
    MxNoAddress,

    /// <summary>A domain without mail that does not say so by its MX.</summary>
    UnusedMx,

    /// <summary>There is no SPF record.</summary>
    SpfMissing,

    /// <summary>There are several SPF records.</summary>
    SpfTwice,

    /// <summary>The SPF record breaks the rules.</summary>
    SpfBroken,

    /// <summary>The SPF record lets everybody pass.</summary>
    SpfOpen,

    /// <summary>The SPF record needs too many look-ups.</summary>
    SpfLookups,

    /// <summary>Too many look-ups of the SPF record find nothing.</summary>
    SpfVoid,

    /// <summary>The SPF record does not let an address of ours pass.</summary>
    SpfWithoutUs,

    /// <summary>The SPF record does not include who sends for us.</summary>
    SpfWithoutInclude,

    /// <summary>It is not known from which addresses the smarthost sends.</summary>
    SpfSmarthost,

    /// <summary>A domain without mail that does not say so by SPF.</summary>
    UnusedSpf,

    /// <summary>The domain has no key.</summary>
    DkimNoKey,

    /// <summary>A key has no record.</summary>
    DkimMissing,

    /// <summary>There are several records at a key's name.</summary>
    DkimTwice,

    /// <summary>A key's record ends too early.</summary>
    DkimCut,

    /// <summary>A key's record can't be read.</summary>
    DkimBroken,

    /// <summary>A key's record says that it is taken back.</summary>
    DkimRevoked,

    /// <summary>The record has another key.</summary>
    DkimOther,

    /// <summary>A copy has no signature.</summary>
    SignatureMissing,

    /// <summary>A copy's signatures do not verify.</summary>
    SignatureBroken,

    /// <summary>A copy is signed in another domain's name only.</summary>
    SignatureThirdParty,

    /// <summary>No DMARC record applies.</summary>
    DmarcMissing,

    /// <summary>The DMARC record stands at the domain itself.</summary>
    DmarcAtDomain,

    /// <summary>The DMARC record stands under a name with the domain in it twice.</summary>
    DmarcDoubled,

    /// <summary>There are several DMARC records.</summary>
    DmarcTwice,

    /// <summary>The record is none that receivers read.</summary>
    DmarcUnreadable,

    /// <summary>A tag of the DMARC record is wrong.</summary>
    DmarcTag,

    /// <summary>Another domain does not take the reports.</summary>
    DmarcNoPermission,

    /// <summary>Nobody gets reports.</summary>
    DmarcNoReports,

    /// <summary>A domain without mail that does not say so by DMARC.</summary>
    UnusedDmarc,

    /// <summary>There is no MTA-STS record.</summary>
    StsMissing,

    /// <summary>The MTA-STS record can't be understood.</summary>
    StsBroken,

    /// <summary>The MTA-STS policy can't be had.</summary>
    StsNoPolicy,

    /// <summary>The MTA-STS policy has another mode.</summary>
    StsMode,

    /// <summary>The MTA-STS policy does not name our hosts.</summary>
    StsHosts,

    /// <summary>The MTA-STS record's id is not that of the policy.</summary>
    StsId,

    /// <summary>There is no TLS-RPT record.</summary>
    TlsReportsMissing,

    /// <summary>The TLS-RPT record can't be understood.</summary>
    TlsReportsBroken,
}

/// <summary>One thing that is wrong, with its one cause and one cure.</summary>
/// <param name="Kind">What.</param>
/// <param name="Values">What the words name: names, records.</param>
public sealed record DnsFault(DnsFaultKind Kind, ImmutableArray<string> Values)
{
    /// <summary>Why it is wrong, in English.</summary>
    public string Cause => Say(DnsFaultWords.Of(Kind).Cause);

    /// <summary>What to do, in English.</summary>
    public string Cure => Say(DnsFaultWords.Of(Kind).Cure);

    /// <summary>The record to put; null where the cure is another one.</summary>
    public string? Record { get; init; }

    private string Say(string words) => string.Format(CultureInfo.InvariantCulture, words, [.. Values]);
}
