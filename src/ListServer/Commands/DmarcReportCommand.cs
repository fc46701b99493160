using System.CommandLine;
using System.Globalization;
using ListServer.Admin.SentReports;

namespace ListServer.Commands;

/// <summary>listserver dmarc-report …</summary>
internal static class DmarcReportCommand
{
    public static Command Build() => new("dmarc-report", "Reports that this server sends to the domains that mail names (RFC 9990); only with consent: dmarc-consent.") { Browse(), Preview(), Send() };

    private static Command Browse()
    {
        var browse = new Command("list", "Names reports that wait, and what became of those of the last thirty days.");
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseSentReports(),
            (reports, output) =>
            {
                foreach (var due in reports.Waiting)
                {
                    output.WriteLine(Shown.Line($"{due.Day:yyyy-MM-dd}\t{due.Receiver}\t{due.PolicyDomain}\twaits"));
                }

                foreach (var outcome in reports.Settled)
                {
                    output.WriteLine(Shown.Line($"{outcome.Report.Day:yyyy-MM-dd}\t{outcome.Report.Receiver}\t{outcome.Report.PolicyDomain}\t{Words(outcome)}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static Command Preview()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "The domain that the report is about: where the DMARC record stands." };
        var day = new Option<DateOnly?>("--day")
        {
            Description = "The day, UTC, as YYYY-MM-DD; today by default.",
            HelpName = "DAY",
            CustomParser = result =>
            {
                if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
                {
                    return parsed;
                }

                result.AddError($"'{result.Tokens[0].Value}' is no day: write it like 2026-11-24.");
                return null;
            },
        };
        var receiver = new Option<string?>("--receiver") { Description = "Our domain, where several have agreed to send reports.", HelpName = "DOMAIN" };
        var preview = new Command("preview", Shared.WithExamples("Shows a report as it would be sent now, and to whom; sends nothing.", "dmarc-report preview example.com --day 2026-11-24")) { domain, day, receiver };
        preview.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new PreviewReport(parse.GetValue(domain)!, parse.GetValue(day), parse.GetValue(receiver)),
            (shown, output) =>
            {
                output.WriteLine(Shown.Line($"from     {shown.Report.Receiver}, {shown.Report.Day:yyyy-MM-dd}, about {shown.Report.PolicyDomain}"));
                output.WriteLine(Shown.Line($"to       {(shown.Recipients.IsEmpty ? "nobody" : string.Join(", ", shown.Recipients))}"));
                output.WriteLine(Shown.Line($"note     {shown.Note}"));
                output.WriteLine(Shown.Line($"holds    {shown.Messages} messages in {shown.Rows} rows{(shown.Uncounted > 0 ? $"; {shown.Uncounted} more are in none" : "")}"));
                output.WriteLine();
                output.WriteLine(Shown.Text(shown.Xml));
            },
            cancellationToken));
        return preview;
    }

    private static Command Send()
    {
        var send = new Command("send", "Sends the reports of all days that are over now, without waiting for the next round (every half an hour).");
        send.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new SendReports(),
            (outcomes, output) =>
            {
                foreach (var outcome in outcomes)
                {
                    output.WriteLine(Shown.Line($"{outcome.Report.Day:yyyy-MM-dd}\t{outcome.Report.Receiver}\t{outcome.Report.PolicyDomain}\t{Words(outcome)}"));
                }
            },
            cancellationToken));
        return send;
    }

    private static string Words(Store.ReportOutcome outcome) =>
        (outcome.Recipients.IsEmpty ? "not sent" : $"sent to {string.Join(", ", outcome.Recipients)}: {outcome.Messages} messages in {outcome.Rows} rows")
        + (outcome.Note.Length > 0 ? $" ({outcome.Note})" : "");
}
