using System.Collections.Immutable;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Publishing;

/// <summary>What a domain's MTA-STS policy says to senders.</summary>
/// <param name="Mode">none, testing or enforce; empty when there is no policy to be had.</param>
/// <param name="Unnamed">The domain's hosts that it does not name.</param>
/// <param name="Problem">Why there is none; null when there is.</param>
public sealed record StsSeen(string Mode, ImmutableArray<string> Unnamed, string? Problem);

/// <summary>Fetches a domain's MTA-STS policy as a sender would, and looks for the hosts in it.</summary>
/// <param name="domain">The domain.</param>
/// <param name="hosts">The hosts that it should name.</param>
/// <param name="cancellationToken">Ends it.</param>
public delegate Task<StsSeen> LookAtSts(string domain, ImmutableArray<string> hosts, CancellationToken cancellationToken);

/// <summary>What the domain asks of senders about TLS: MTA-STS (RFC 8461) and TLS-RPT (RFC 8460).</summary>
internal static class TransportCheck
{
    private const string StsVersion = "v=STSv1";
    private const string ReportsVersion = "v=TLSRPTv1";
    private const int LongestId = 32;

    public static async Task<ImmutableArray<DnsRow>> RowsAsync(DomainLook look, LookAtSts fetch, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<DnsRow>();
        foreach (var record in DomainRecords.Sts(look.Domain, look.Face))
        {
            rows.Add(await StsAsync(look, record, fetch, cancellationToken));
        }

        rows.Add(await ReportsAsync(look, DomainRecords.TlsReports(look.Domain, look.Face), cancellationToken));
        return rows.ToImmutable();
    }

    private static async Task<DnsRow> StsAsync(DomainLook look, PublishedRecord record, LookAtSts fetch, CancellationToken cancellationToken)
    {
        var domain = look.Domain.Name;
        var (answer, texts) = await look.TextsAsync(record.Name, cancellationToken);
        texts = [.. texts.Where(text => text.StartsWith(StsVersion, StringComparison.OrdinalIgnoreCase))];
        if (answer.Status == DnsStatus.Failure)
        {
            return DnsRow.Unasked(record, record.Name, answer.Reason);
        }

        if (texts.IsEmpty)
        {
            return DnsRow.Wrong(record, texts, DnsFaultKind.StsMissing, domain).AsAdvice();
        }

        if (texts is not [var text] || FindId(text) is not { } id)
        {
            return DnsRow.Wrong(record, texts, DnsFaultKind.StsBroken, domain);
        }

        var wish = look.Face.Sts.ToString().ToLowerInvariant();
        var seen = await fetch(domain, look.Face.Exchangers, cancellationToken);
        return seen.Problem is { } problem ? DnsRow.Wrong(record, texts, DnsFaultKind.StsNoPolicy, domain, problem).Put(null)
            : seen.Mode != wish ? DnsRow.Wrong(record, texts, DnsFaultKind.StsMode, seen.Mode, wish)
            : !seen.Unnamed.IsEmpty ? DnsRow.Wrong(record, texts, DnsFaultKind.StsHosts, string.Join(", ", seen.Unnamed))
            : id != DomainRecords.StsId(DomainRecords.StsPolicy(look.Face)!) ? DnsRow.Wrong(record, texts, DnsFaultKind.StsId, id).AsAdvice()
            : DnsRow.Good(record, texts);
    }

    private static async Task<DnsRow> ReportsAsync(DomainLook look, PublishedRecord record, CancellationToken cancellationToken)
    {
        var (answer, texts) = await look.TextsAsync(record.Name, cancellationToken);
        texts = [.. texts.Where(text => text.StartsWith(ReportsVersion, StringComparison.OrdinalIgnoreCase))];
        return answer.Status == DnsStatus.Failure ? DnsRow.Unasked(record, record.Name, answer.Reason)
            : texts.IsEmpty ? DnsRow.Wrong(record, texts, DnsFaultKind.TlsReportsMissing, look.Domain.Name).AsAdvice()
            : texts is [var text] && AreReports(text) ? DnsRow.Good(record, texts)
            : DnsRow.Wrong(record, texts, DnsFaultKind.TlsReportsBroken, look.Domain.Name);
    }

    /// <summary>RFC 8461 §3.1: up to 32 letters and digits.</summary>
    private static string? FindId(string text) =>
        Fields(text, StsVersion)?.FirstOrDefault(field => field.Name == "id").Value is { Length: > 0 and <= LongestId } id && id.All(char.IsAsciiLetterOrDigit) ? id : null;

    /// <summary>RFC 8460 §3: rua= with mailto: or https: addresses.</summary>
    private static bool AreReports(string text) =>
        Fields(text, ReportsVersion)?.FirstOrDefault(field => field.Name == "rua").Value?.Split(',', StringSplitOptions.TrimEntries) is { Length: > 0 } uris
        && uris.All(uri => (uri.StartsWith("mailto:", StringComparison.Ordinal) && uri.IndexOf('@', StringComparison.Ordinal) is > 7 and var at && at < uri.Length - 1)
            || (uri.StartsWith("https://", StringComparison.Ordinal) && Uri.IsWellFormedUriString(uri, UriKind.Absolute)));

    /// <summary>The fields behind the version; null when a field is none.</summary>
    private static List<(string Name, string Value)>? Fields(string text, string version)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && parts[0] == version && parts[1..].All(part => part.Contains('=', StringComparison.Ordinal))
            ? [.. parts[1..].Select(part => (part[..part.IndexOf('=', StringComparison.Ordinal)].Trim(), part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim()))]
            : null;
    }
}
