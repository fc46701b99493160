using System.Collections.Immutable;
using System.Globalization;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Admin.Publishing;

/// <summary>Can receivers verify what is signed here?</summary>
internal static class DkimCheck
{
    public static async Task<DnsRow> RowAsync(DomainLook look, string selector, SigningKey key, CancellationToken cancellationToken)
    {
        var record = DomainRecords.Dkim(look.Domain, new KeyText(selector, key.DnsRecord));
        var (answer, texts) = await look.TextsAsync(record.Name, cancellationToken);
        return answer.Status == DnsStatus.Failure ? DnsRow.Unasked(record, record.Name, answer.Reason) : Compare(record, texts, selector, key);
    }

    public static DnsRow NoKey(DomainLook look, DateTimeOffset now)
    {
        var selector = string.Create(CultureInfo.InvariantCulture, $"s{now:yyyyMM}");
        var record = DomainRecords.Dkim(look.Domain, new KeyText(selector, ""));
        return DnsRow.Wrong(record, [], DnsFaultKind.DkimNoKey, look.Domain.Name, selector).Put(null) with { Expected = "" };
    }

    private static DnsRow Compare(PublishedRecord record, ImmutableArray<string> texts, string selector, SigningKey key)
    {
        if (texts is not [var text])
        {
            return texts.IsEmpty
                ? DnsRow.Wrong(record, texts, DnsFaultKind.DkimMissing, selector)
                : DnsRow.Wrong(record, texts, DnsFaultKind.DkimTwice, selector, texts.Length.ToString(CultureInfo.InvariantCulture));
        }

        var published = PublishedKey.Read(text);
        return published.IsRevoked ? DnsRow.Wrong(record, texts, DnsFaultKind.DkimRevoked, selector)
            : published.Verifies(key) ? DnsRow.Good(record, texts)
            : IsCut(text, key.DnsRecord) ? DnsRow.Wrong(record, texts, DnsFaultKind.DkimCut, selector, text.Trim().Length.ToString(CultureInfo.InvariantCulture))
            : published.Defect is { } defect ? DnsRow.Wrong(record, texts, DnsFaultKind.DkimBroken, selector, defect)
            : DnsRow.Wrong(record, texts, DnsFaultKind.DkimOther, selector);
    }

    private static bool IsCut(string text, string whole)
    {
        var (found, right) = (Bare(text), Bare(whole));
        return found.Length > 0 && found.Length < right.Length && right.StartsWith(found, StringComparison.Ordinal);
    }

    private static string Bare(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c))).TrimEnd(';');
}
