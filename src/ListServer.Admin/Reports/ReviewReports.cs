using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Lists.Reports;

namespace ListServer.Admin.Reports;

/// <summary>One look at a domain's reports: what they say, what to do about it, and the newest of them.</summary>
/// <param name="Explained">Who sends in the domain's name.</param>
/// <param name="Advice">What to do about DMARC; null where nobody can say now.</param>
/// <param name="WhyNoAdvice">Why not; otherwise empty.</param>
/// <param name="Newest">The newest reports, the last begun first.</param>
public sealed record ReportReview(ReportExplanation Explained, DmarcAdvice? Advice, string WhyNoAdvice, ImmutableArray<ReceivedReport> Newest);

/// <summary>Explains a domain's reports and advises on its policy. What reports say is there, whatever DNS does.</summary>
/// <param name="Domain">The domain.</param>
public sealed record ReviewReports(string Domain) : UseCase<ReportReview>
{
    private const int Shown = 20;

    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<ReportReview>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        var explained = await new ExplainReports(domain.Name).ExplainAsync(context, domain, cancellationToken);
        var advice = await AdviseDmarc.AdviseAsync(context, domain, explained, cancellationToken);
        return new ReportReview(
            explained,
            advice is Outcome<DmarcAdvice>.Done(var done) ? done : null,
            advice is Outcome<DmarcAdvice>.Refused(_, var why) ? why : "",
            [.. context.Store.Reports(domain.Name).Take(Shown)]);
    }
}
