using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Lists;
using ListServer.Lists.Consents;
using ListServer.Store;

namespace ListServer.Admin.SentReports;

/// <summary>What a report would say if it were sent now.</summary>
/// <param name="Report">Which.</param>
/// <param name="Recipients">Whom it would go to; empty for nobody.</param>
/// <param name="Note">Why it would go to nobody, or not to all; empty for nothing to say.</param>
/// <param name="Rows">So many rows.</param>
/// <param name="Messages">So many messages.</param>
/// <param name="Uncounted">Messages that are in no row, because there were too many sorts.</param>
/// <param name="Xml">The report itself; empty where there is none.</param>
public sealed record ReportPreview(DueReport Report, ImmutableArray<string> Recipients, string Note, int Rows, long Messages, long Uncounted, string Xml);

/// <summary>Shows what a domain would be told of its mail on a day; nothing is sent.</summary>
/// <param name="PolicyDomain">The domain that the report is about.</param>
/// <param name="Day">The day (UTC); null for today.</param>
/// <param name="Receiver">Our domain; null for the only one that has agreed to send reports.</param>
public sealed record PreviewReport(string PolicyDomain, DateOnly? Day = null, string? Receiver = null) : UseCase<ReportPreview>
{
    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<ReportPreview>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var receivers = Receiver is null
            ? context.Store.Domains.Where(domain => context.Store.HasDmarcConsent(domain.Name, ConsentPurpose.Reporting)).ToList()
            : [.. MissingDomain.Find(context.Store, Receiver) is { } named ? [named] : Array.Empty<MailDomain>()];
        if (receivers is not [var receiver])
        {
            return Receiver is null
                ? RefusedUseCase.Invalid($"{receivers.Count} domains have agreed to send reports; name one with --receiver.")
                : MissingDomain.Refuse(Receiver);
        }

        if (DomainName.Normalize(PolicyDomain) is not { } policyDomain)
        {
            return RefusedUseCase.Invalid($"'{PolicyDomain}' is not a domain name.");
        }

        var day = Day ?? DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        return context.PreviewReport is { } preview
            ? await preview(new DueReport(day, receiver.Name, policyDomain), cancellationToken)
            : SendReports.NoServer;
    }
}
