using System.Collections.Immutable;
using System.Globalization;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Spf;

namespace ListServer.Admin.Publishing;

/// <summary>Does SPF let mail from here pass, and nobody else's?</summary>
internal static class SpfCheckup
{
    // RFC 7208 §4.6.4.
    private const int MostLookups = 10;
    private const int MostVoid = 2;

    public static async Task<DnsRow> RowAsync(DomainLook look, TimeProvider time, CancellationToken cancellationToken)
    {
        var domain = look.Domain.Name;
        var record = DomainRecords.Of(look.Domain, look.Face, []).First(r => r.Purpose == "SPF");
        var survey = await SpfSurvey.OfAsync(look.Dns, domain, cancellationToken);
        if (survey.Records is not [var text])
        {
            return survey.Failure is { } failure ? DnsRow.Unasked(record, domain, failure)
                : survey.Records.IsEmpty ? DnsRow.Wrong(record, [], look.Domain.SendsNothing ? DnsFaultKind.UnusedSpf : DnsFaultKind.SpfMissing, domain)
                : DnsRow.Wrong(record, survey.Records, DnsFaultKind.SpfTwice, domain, Text(survey.Records.Length)).Put(Line(record, look.Domain.SendsNothing ? record.Value : Merged(survey.Records)));
        }

        if (look.Domain.SendsNothing)
        {
            var isShut = Terms(text).SequenceEqual(["-all"], StringComparer.OrdinalIgnoreCase);
            return isShut ? DnsRow.Good(record, [text]) : DnsRow.Wrong(record, [text], DnsFaultKind.UnusedSpf, domain);
        }

        return Cost(survey, record, text, domain) ?? await ReachAsync(look, record, text, time, cancellationToken);
    }

    /// <summary>What is wrong for every sender.</summary>
    private static DnsRow? Cost(SpfSurvey survey, PublishedRecord record, string text, string domain) =>
        survey.Fault is { } fault ? DnsRow.Wrong(record, [text], DnsFaultKind.SpfBroken, fault)
        : survey.LetsAnybodyPass ? DnsRow.Wrong(record, [text], DnsFaultKind.SpfOpen, domain).Put(Line(record, WithAll(text, "-all")))
        : survey.LookupTerms > MostLookups ? DnsRow.Wrong(record, [text], DnsFaultKind.SpfLookups, Text(survey.LookupTerms)).Put(null)
        : survey.VoidLookups > MostVoid ? DnsRow.Wrong(record, [text], DnsFaultKind.SpfVoid, Text(survey.VoidLookups)).Put(null)
        : survey.Failure is { } failure ? DnsRow.Unasked(record, domain, failure)
        : null;

    /// <summary>What is wrong for mail from here.</summary>
    private static async Task<DnsRow> ReachAsync(DomainLook look, PublishedRecord record, string text, TimeProvider time, CancellationToken cancellationToken)
    {
        var (domain, face) = (look.Domain.Name, look.Face);
        foreach (var include in face.Includes.Where(name => !Terms(text).Any(term => term.TrimStart('+').Equals("include:" + name, StringComparison.OrdinalIgnoreCase))))
        {
            return DnsRow.Wrong(record, [text], DnsFaultKind.SpfWithoutInclude, include, domain).Put(Line(record, With(text, "include:" + include)));
        }

        var evaluator = new SpfEvaluator(look.Dns, time);
        foreach (var address in face.Addresses)
        {
            var result = await evaluator.CheckMailFromAsync(address, face.HostName, "bounces@" + domain, cancellationToken);
            if (result.Verdict == SpfVerdict.TempError)
            {
                return DnsRow.Unasked(record, domain, result.Reason);
            }

            if (result.Verdict != SpfVerdict.Pass)
            {
                return DnsRow.Wrong(record, [text], DnsFaultKind.SpfWithoutUs, address.ToString(), domain).Put(Line(record, With(text, DomainRecords.Term(address))));
            }
        }

        return face.Addresses.IsEmpty && face.Includes.IsEmpty && face.Smarthost is { } smarthost
            ? DnsRow.Wrong(record, [text], DnsFaultKind.SpfSmarthost, smarthost).Put(null).AsAdvice()
            : face.Addresses.IsEmpty && face.Includes.IsEmpty
                ? DnsRow.Unasked(record, face.HostName, "its addresses are not known, so nobody can say whether they pass")
                : DnsRow.Good(record, [text]);
    }

    private static string[] Terms(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

    private static bool IsAll(string term) => term.TrimStart('+', '-', '~', '?').Equals("all", StringComparison.OrdinalIgnoreCase);

    private static string With(string text, string term) => string.Join(' ', ["v=spf1", term, .. Terms(text)]);

    private static string WithAll(string text, string all) => string.Join(' ', ["v=spf1", .. Terms(text).Where(term => !IsAll(term)), all]);

    /// <summary>What several records say together; of their ends the first.</summary>
    private static string Merged(ImmutableArray<string> records)
    {
        var terms = records.SelectMany(Terms).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return string.Join(' ', ["v=spf1", .. terms.Where(term => !IsAll(term)), terms.Find(term => IsAll(term) && term[0] is '-' or '~') ?? "-all"]);
    }

    private static string Line(PublishedRecord record, string text) => (record with { Value = text }).ZoneLine;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
