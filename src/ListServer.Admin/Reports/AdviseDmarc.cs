using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Admin.Publishing;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Lists.Reports;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Admin.Reports;

/// <summary>What a domain's operator is advised to do about DMARC, and why.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Stage">What is published now.</param>
/// <param name="Step">What to do, with the numbers behind it.</param>
/// <param name="Record">The record to publish; null where nothing is to be published.</param>
/// <param name="HasSpf">Step 1: SPF is as it should be.</param>
/// <param name="HasDkim">Step 1: DKIM is as it should be.</param>
/// <param name="HasReportAddress">Step 3: the record has reports sent here.</param>
/// <param name="Broken">Step 4: our own sources whose mail fails, by name.</param>
/// <param name="Unclear">Sources of which only the operator knows whose they are, by name.</param>
/// <param name="Notices">Drafts of what users are told before a stricter policy, by language; empty where none comes next.</param>
public sealed record DmarcAdvice(
    string Domain,
    DmarcStage Stage,
    DmarcStep Step,
    string? Record,
    bool HasSpf,
    bool HasDkim,
    bool HasReportAddress,
    ImmutableArray<string> Broken,
    ImmutableArray<string> Unclear,
    ImmutableDictionary<string, Notice> Notices)
{
    /// <summary>Reports of these days that came by mail and count: that the address works.</summary>
    public int ReportsByMail { get; init; }

    /// <summary>How much has to be reported before the next stage.</summary>
    public DmarcThresholds Needed { get; init; } = new();

    /// <summary>True where the next stage is one that RFC 9989 §7.4 advises against for domains of people who post to lists.</summary>
    public bool NearsReject => Step.Next is DmarcStage.RejectTest or DmarcStage.Reject;
}

/// <summary>Advises on a domain's DMARC policy: the leaflet's steps 1 to 5 against DNS and what reports say.</summary>
/// <param name="Domain">The domain.</param>
public sealed record AdviseDmarc(string Domain) : UseCase<DmarcAdvice>
{
    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<DmarcAdvice>> RunAsync(AdminContext context, CancellationToken cancellationToken) =>
        MissingDomain.Find(context.Store, Domain) is not { } domain ? MissingDomain.Refuse(Domain)
        : context.Dns is null ? ShowDns.NoServer
        : await AdviseAsync(context, domain, await new ExplainReports(domain.Name).ExplainAsync(context, domain, cancellationToken), cancellationToken);

    /// <param name="context">Where to look.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="reports">What reports say of the last <see cref="DmarcRoad.Window"/> days.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<Outcome<DmarcAdvice>> AdviseAsync(AdminContext context, MailDomain domain, ReportExplanation reports, CancellationToken cancellationToken)
    {
        if (context.Dns is not { } dns)
        {
            return ShowDns.NoServer;
        }

        var look = new DomainLook(dns, domain, await HostCheck.WithAddressesAsync(context.Face, dns, cancellationToken));
        var spf = await SpfCheckup.RowAsync(look, context.Time, cancellationToken);
        ImmutableArray<DnsRow> keys = domain.SendsNothing ? [] : await CheckDns.KeysAsync(look, context, cancellationToken);
        var found = await DmarcStanding.OfAsync(dns, domain.Name, cancellationToken);
        return found is { Record: null, Failure: { } failure }
            ? new RefusedUseCase(Refusal.TryLater, $"DNS does not say what {domain.Name} publishes: {failure}")
            : Advise(context, domain, [spf, .. keys], found, reports);
    }

    private static DmarcAdvice Advise(AdminContext context, MailDomain domain, ImmutableArray<DnsRow> rows, DmarcStanding found, ReportExplanation reports)
    {
        var stage = found.Record is null ? DmarcStage.Nothing : DmarcRoad.StageOf(PolicyFor(domain, found), found.Record.IsTesting);
        var (hasSpf, hasDkim) = (IsGood(rows, "SPF"), IsGood(rows, "DKIM"));
        var address = context.Face.ReportAddress(domain);
        var hasAddress = found.Record?.AggregateReportUris.Any(uri => uri.Equals("mailto:" + address, StringComparison.OrdinalIgnoreCase)) is true;
        var received = context.Store.Reports(domain.Name).Where(report => report is { Kind: ReportKind.Dmarc, Doubt: null }).ToList();
        var lately = received.Where(report => report.Day >= reports.From && report.Passed + report.Failed > 0).ToList();
        ImmutableArray<string> unclear = [.. reports.Groups.Where(group => group.Verdict is SourceVerdict.Unclear).Select(group => group.Name)];
        var state = new DmarcState(
            stage, hasSpf && hasDkim, hasAddress, reports.To, reports.Days, DmarcRoad.Since(stage, received), unclear.Length, lately.Select(ReporterOf).Where(name => name.Length > 0).Distinct().Count());
        var step = DmarcRoad.Advise(state, context.Dmarc);
        var isStricter = step.Move is DmarcMove.Advance && step.Next > DmarcStage.Watching;
        return new DmarcAdvice(
            domain.Name,
            stage,
            step,
            step.Next != stage ? $"_dmarc.{domain.Name}. IN TXT \"{TextOf(step.Next, address)}\"" : step.Move is DmarcMove.AskForReports ? $"_dmarc.{domain.Name}. IN TXT \"{TextOf(stage, address)}\"" : null,
            hasSpf,
            hasDkim,
            hasAddress,
            [.. reports.Groups.Where(group => group.Verdict is SourceVerdict.Misconfigured).Select(group => group.Name)],
            unclear,
            isStricter
                ? NoticeTemplates.Languages.ToImmutableDictionary(language => language, language => Draft(context, domain.Name, step.Next, language))
                : ImmutableDictionary<string, Notice>.Empty)
        {
            ReportsByMail = lately.Count(report => report.ByMail),
            Needed = context.Dmarc,
        };
    }

    private static Notice Draft(AdminContext context, string domain, DmarcStage next, string language) =>
        context.Templates().With((scope, own, name) => context.Store.FindTemplate(scope, own, name)?.Source).Render(
            NoticeKind.StricterPolicy,
            new NoticeFacts(new MailingList { LocalPart = "postmaster", Domain = domain, DisplayName = domain, Language = language }, "")
            {
                Policy = next is DmarcStage.RejectTest or DmarcStage.Reject ? "reject" : "quarantine",
            });

    /// <summary>Who reports: what DMARC vouches for, never what a report that came by mail says of itself.</summary>
    private static string ReporterOf(ReceivedReport report) =>
        report.ByMail ? HostNames.OrganisationOf(MemberAddress.DomainOf(report.From)) : report.Organization.Trim().ToLowerInvariant();

    private static DmarcPolicy? PolicyFor(MailDomain domain, DmarcStanding found) => found.Record!.Applicable() is not { } record ? null
        : found.RecordDomain == domain.Name ? record.Policy : record.SubdomainPolicy ?? record.Policy;

    private static bool IsGood(ImmutableArray<DnsRow> rows, string purpose) =>
        rows.Where(row => row.Purpose == purpose).Select(row => row.State).DefaultIfEmpty(DnsState.Fault).All(state => state is DnsState.Good or DnsState.Advice);

    private static string TextOf(DmarcStage stage, string address)
    {
        var policy = stage switch
        {
            DmarcStage.Reject => "p=reject",
            DmarcStage.RejectTest => "p=reject; t=y",
            DmarcStage.Quarantine => "p=quarantine",
            DmarcStage.QuarantineTest => "p=quarantine; t=y",
            _ => "p=none",
        };
        return $"v=DMARC1; {policy}; rua=mailto:{address}";
    }
}
