using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Admin.Publishing;
using ListServer.Lists;
using ListServer.Lists.Reports;

namespace ListServer.Admin.Reports;

/// <summary>Sources of one organisation that are judged alike.</summary>
/// <param name="Name">The organisation's domain, a network where the addresses have no names, or empty for the many beyond count.</param>
/// <param name="Verdict">What they are.</param>
/// <param name="Cause">Why.</param>
/// <param name="Counts">How their mail fared.</param>
/// <param name="Sources">How many they are.</param>
/// <param name="Addresses">Those with the most mail.</param>
/// <param name="Detail">The domain of the signature that decided, or empty.</param>
/// <param name="Record">The record to add or to change, or null.</param>
/// <param name="Reporters">Who reported them.</param>
public sealed record SourceGroup(
    string Name, SourceVerdict Verdict, SourceCause Cause, SourceCounts Counts, int Sources, ImmutableArray<string> Addresses, string Detail, string? Record, ImmutableArray<string> Reporters)
{
    /// <summary>What an operator said of them.</summary>
    public SourceMark Mark { get; init; }

    /// <summary>Where they are, in few words: the one address, or else the name.</summary>
    public string Where => Addresses is [var only] && Sources == 1 ? only : Name;
}

/// <summary>What reports say of a domain, explained.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="From">The first day looked at.</param>
/// <param name="To">The last.</param>
/// <param name="Counts">How all mail in the domain's name fared.</param>
/// <param name="Days">The same by day.</param>
/// <param name="Groups">Who sends, the most urgent first; at most 100.</param>
/// <param name="Reports">Reports of DMARC that count.</param>
/// <param name="Doubted">Reports that nobody vouches for.</param>
/// <param name="TlsSessions">Connections to the domain that others report on.</param>
/// <param name="TlsFailures">Of these, those whose TLS failed.</param>
public sealed record ReportExplanation(
    string Domain, DateOnly From, DateOnly To, SourceCounts Counts, ImmutableArray<ReportedDay> Days, ImmutableArray<SourceGroup> Groups, int Reports, int Doubted, long TlsSessions, long TlsFailures)
{
    /// <summary>The forged group with the most mail that can be named; null for none.</summary>
    public SourceGroup? WorstForger => Groups.Where(group => group.Verdict is SourceVerdict.Forged && group.Where.Length > 0).MaxBy(group => group.Counts.Failed);
}

/// <summary>Explains who sends in a domain's name, and how that fares.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Days">How many days back, up to <see cref="SourceTally.KeptDays"/>.</param>
public sealed record ExplainReports(string Domain, int Days = DmarcRoad.Window) : UseCase<ReportExplanation>
{
    private const int MostNamed = 200;
    private const int MostGroups = 100;
    private const int ShownAddresses = 5;

    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<ReportExplanation>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        return Days is < 1 or > SourceTally.KeptDays
            ? RefusedUseCase.Invalid($"Days are 1 to {SourceTally.KeptDays}.")
            : await ExplainAsync(context, domain, cancellationToken);
    }

    internal async Task<ReportExplanation> ExplainAsync(AdminContext context, MailDomain domain, CancellationToken cancellationToken)
    {
        var to = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        var from = to.AddDays(1 - Days);
        var judged = await JudgeAsync(context, domain, from, to, cancellationToken);
        var reports = context.Store.Reports(domain.Name).Where(report => report.Kind is ReportKind.Dmarc && report.Day >= from).ToList();
        var tls = context.Store.ReportedTls(domain.Name).Where(tally => tally.Day >= from).ToList();
        return new ReportExplanation(
            domain.Name,
            from,
            to,
            judged.Aggregate(default(SourceCounts), (sum, source) => sum.Plus(source.Counts)),
            DaysOf(judged, from, to),
            [.. judged.GroupBy(source => (Name: NameOf(source), source.Cause, source.Detail, source.Tally.Mark)).Select(group => Group(domain, group.Key.Name, [.. group]))
                .OrderBy(group => group.Verdict).ThenByDescending(group => group.Counts.Total).ThenBy(group => group.Name, StringComparer.Ordinal).Take(MostGroups)],
            reports.Count(report => report.Doubt is null),
            reports.Count(report => report.Doubt is not null),
            tls.Sum(tally => tally.Successes + tally.Failures),
            tls.Sum(tally => tally.Failures));
    }

    internal static async Task<IReadOnlyList<JudgedSource>> JudgeAsync(
        AdminContext context, MailDomain domain, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var sources = context.Store.ReportSources(domain.Name).Select(tally => (Tally: tally, Counts: tally.Sum(from, to))).Where(source => source.Counts.Total > 0)
            .OrderByDescending(source => source.Counts.Total).ToList();
        var names = context.HostNames is { } asked
            ? await asked.FindAsync([.. sources.Take(MostNamed).Select(source => source.Tally.Source)], cancellationToken)
            : new Dictionary<string, string>();
        var addresses = context.Dns is { } dns ? (await HostCheck.WithAddressesAsync(context.Face, dns, cancellationToken)).Addresses : context.Face.Addresses;
        var ours = addresses.Select(address => address.ToString()).ToHashSet(StringComparer.Ordinal);
        var judge = new SourceJudge(domain.Name, ours.Contains);
        return [.. sources.Select(source => judge.Judge(source.Tally, source.Counts, names.GetValueOrDefault(source.Tally.Source)))];
    }

    internal static string NameOf(JudgedSource source) => source.Host is { } host ? HostNames.OrganisationOf(host) : HostNames.NetworkOf(source.Tally.Source);

    private static ImmutableArray<ReportedDay> DaysOf(IReadOnlyList<JudgedSource> judged, DateOnly from, DateOnly to)
    {
        var days = new SortedDictionary<DateOnly, ReportedDay>();
        foreach (var source in judged)
        {
            foreach (var (day, counts) in source.Tally.Days().Where(day => day.Day >= from && day.Day <= to))
            {
                var sum = days.GetValueOrDefault(day) ?? new ReportedDay(day, 0, 0, 0, 0);
                days[day] = source.Verdict switch
                {
                    SourceVerdict.Misconfigured or SourceVerdict.Right => sum with { Passed = sum.Passed + counts.Passed, OursFailed = sum.OursFailed + counts.Failed },
                    SourceVerdict.Relay => sum with { Passed = sum.Passed + counts.Passed, RelayedFailed = sum.RelayedFailed + counts.Failed },
                    _ => sum with { Passed = sum.Passed + counts.Passed, OthersFailed = sum.OthersFailed + counts.Failed },
                };
            }
        }

        return [.. days.Values];
    }

    private static SourceGroup Group(MailDomain domain, string name, List<JudgedSource> sources)
    {
        var first = sources[0];
        return new SourceGroup(
            name,
            first.Verdict,
            first.Cause,
            sources.Aggregate(default(SourceCounts), (sum, source) => sum.Plus(source.Counts)),
            sources.Count,
            [.. sources.Select(source => source.Tally.Source).Where(source => source.Length > 0).Take(ShownAddresses)],
            first.Detail,
            RecordFor(domain, first),
            [.. sources.SelectMany(source => source.Tally.Evidence).Where(seen => seen.Kind is EvidenceKind.Reporter && seen.Name.Length > 0).Select(seen => seen.Name).Distinct().Take(ShownAddresses)])
        {
            Mark = first.Tally.Mark,
        };
    }

    private static string? RecordFor(MailDomain domain, JudgedSource source) => source.Cause switch
    {
        SourceCause.NotInSpf or SourceCause.Partly => $"{domain.Name}. IN TXT \"v=spf1 … {(source.Tally.Source.Contains(':', StringComparison.Ordinal) ? "ip6" : "ip4")}:{source.Tally.Source} …\"",
        SourceCause.KeyNotFound when source.Selector.Length > 0 => $"{source.Selector}._domainkey.{source.Detail}. IN TXT \"v=DKIM1; p=…\"",
        SourceCause.OtherSignature => $"SELECTOR._domainkey.{domain.Name}. IN CNAME SELECTOR._domainkey.{source.Detail}.",
        _ => null,
    };
}
