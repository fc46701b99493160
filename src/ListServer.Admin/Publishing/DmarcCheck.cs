using System.Collections.Immutable;
using System.Globalization;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Publishing;

/// <summary>Does a DMARC record apply, can receivers read it, and may its reports go where it sends them?</summary>
internal static class DmarcCheck
{
    private const int MostReporters = 10;

    public static async Task<ImmutableArray<DnsRow>> RowsAsync(DomainLook look, CancellationToken cancellationToken)
    {
        var wanted = DomainRecords.Of(look.Domain, look.Face, []).First(r => r.Purpose == "DMARC");
        var (answer, texts) = await look.TextsAsync(wanted.Name, cancellationToken);
        if (answer.Status == DnsStatus.Failure)
        {
            return [DnsRow.Unasked(wanted, wanted.Name, answer.Reason)];
        }

        ImmutableArray<string> records = [.. texts.Where(IsRecord)];
        return records.Length switch
        {
            0 => [await MissingAsync(look, wanted, texts, cancellationToken)],
            1 when DmarcRecord.TryParse(records[0], out var record) => await ReadAsync(look, wanted, records[0], record, cancellationToken),
            var count => [DnsRow.Wrong(wanted, records, DnsFaultKind.DmarcTwice, wanted.Name, count.ToString(CultureInfo.InvariantCulture)).Put(Line(wanted, records[0]))],
        };
    }

    private static bool IsRecord(string text) => DmarcRecord.TryParse(text, out _);

    /// <summary>Looks where people put it by mistake.</summary>
    private static async Task<DnsRow> MissingAsync(DomainLook look, PublishedRecord wanted, ImmutableArray<string> texts, CancellationToken cancellationToken)
    {
        var domain = look.Domain.Name;
        if (texts.Any(text => text.Contains("DMARC", StringComparison.OrdinalIgnoreCase)))
        {
            return DnsRow.Wrong(wanted, texts, DnsFaultKind.DmarcUnreadable);
        }

        var doubled = $"{wanted.Name}.{domain}";
        if ((await look.TextsAsync(doubled, cancellationToken)).Texts.FirstOrDefault(IsRecord) is { } far)
        {
            return DnsRow.Wrong(wanted, [far], DnsFaultKind.DmarcDoubled, doubled, wanted.Name).Put(Line(wanted, far));
        }

        var (atDomain, beside) = await look.TextsAsync(domain, cancellationToken);
        if (beside.FirstOrDefault(IsRecord) is { } near)
        {
            return DnsRow.Wrong(wanted, [near], DnsFaultKind.DmarcAtDomain, domain, wanted.Name).Put(Line(wanted, near));
        }

        if (atDomain.Status == DnsStatus.Failure)
        {
            return DnsRow.Unasked(wanted, domain, atDomain.Reason);
        }

        var standing = await DmarcStanding.OfAsync(look.Dns, domain, cancellationToken);
        return standing is { Record: null, Failure: { } failure } ? DnsRow.Unasked(wanted, domain, failure)
            : look.Domain.SendsNothing ? DnsRow.Wrong(wanted, [], DnsFaultKind.UnusedDmarc, domain)
            : standing is { RecordDomain: { } above, Record: { } record }
                ? DnsRow.Good(wanted, [$"_dmarc.{above}: p={Word(record.Policy)}{(record.SubdomainPolicy is { } sp ? $"; sp={Word(sp)}" : "")}"])
                : DnsRow.Wrong(wanted, [], DnsFaultKind.DmarcMissing, domain);
    }

    private static async Task<ImmutableArray<DnsRow>> ReadAsync(DomainLook look, PublishedRecord wanted, string text, DmarcRecord record, CancellationToken cancellationToken)
    {
        if (DmarcTags.FindFault(text) is { } fault)
        {
            return [DnsRow.Wrong(wanted, [text], DnsFaultKind.DmarcTag, fault).Put(Line(wanted, DmarcTags.Mend(text, wanted.Value)))];
        }

        var reporters = await ReportersAsync(look, record, cancellationToken);
        var row = look.Domain.SendsNothing && record.Policy != DmarcPolicy.Reject
            ? DnsRow.Wrong(wanted, [text], DnsFaultKind.UnusedDmarc, look.Domain.Name)
            : !look.Domain.SendsNothing && record.AggregateReportUris.IsEmpty
                ? DnsRow.Wrong(wanted, [text], DnsFaultKind.DmarcNoReports).Put(Line(wanted, $"{text.Trim().TrimEnd(';')}; rua=mailto:{look.Face.ReportAddress(look.Domain)}")).AsAdvice()
                : DnsRow.Good(wanted, [text]);
        return [row, .. reporters];
    }

    /// <summary>AUTH-18: an address in another Organizational Domain gets reports only where that domain says so.</summary>
    private static async Task<ImmutableArray<DnsRow>> ReportersAsync(DomainLook look, DmarcRecord record, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<DnsRow>();
        var hosts = record.AggregateReportUris.Select(uri => uri[(uri.LastIndexOf('@') + 1)..].TrimEnd('.').ToLowerInvariant()).Distinct();
        DmarcStanding? here = null;
        foreach (var host in hosts.Take(MostReporters).Where(host => host != look.Domain.Name && Uri.CheckHostName(host) == UriHostNameType.Dns))
        {
            here ??= await DmarcStanding.OfAsync(look.Dns, look.Domain.Name, cancellationToken);
            if (await PermissionAsync(look, here, host, cancellationToken) is { } row)
            {
                rows.Add(row);
            }
        }

        return rows.ToImmutable();
    }

    private static async Task<DnsRow?> PermissionAsync(DomainLook look, DmarcStanding here, string host, CancellationToken cancellationToken)
    {
        var domain = look.Domain.Name;
        var permission = DomainRecords.Permission(domain, host);
        var there = await DmarcStanding.OfAsync(look.Dns, host, cancellationToken);
        if (here.OrganizationalDomain is { } family && family == there.OrganizationalDomain)
        {
            return null;
        }

        if ((here.Failure ?? there.Failure) is { } failure)
        {
            return DnsRow.Unasked(permission, host, failure);
        }

        var (answer, texts) = await look.TextsAsync(permission.Name, cancellationToken);
        return answer.Status == DnsStatus.Failure ? DnsRow.Unasked(permission, permission.Name, answer.Reason)
            : texts.Any(IsRecord) ? DnsRow.Good(permission, texts)
            : DnsRow.Wrong(permission, texts, DnsFaultKind.DmarcNoPermission, domain, host);
    }

    private static string Word(DmarcPolicy? policy) => (policy ?? DmarcPolicy.None).ToString().ToLowerInvariant();

    private static string Line(PublishedRecord record, string text) => (record with { Value = text }).ZoneLine;
}
