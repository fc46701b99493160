using System.CommandLine;
using System.Globalization;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;

namespace ListServer.Commands;

/// <summary>listserver report explain, report mark.</summary>
internal static class ReportExplainCommand
{
    private static readonly Argument<string> Domain = new("DOMAIN");

    public static Command Explain()
    {
        var days = new Option<int>("--days") { Description = "How many days back.", DefaultValueFactory = _ => DmarcRoad.Window, HelpName = "N" };
        var explain = new Command("explain", "Says who sends in a domain's name, and what to do about each.") { Domain, days };
        explain.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new ExplainReports(parse.GetValue(Domain)!, parse.GetValue(days)), Print, cancellationToken));
        return explain;
    }

    public static Command Mark()
    {
        var name = new Argument<string>("NAME") { Description = "An organisation or network as 'report explain' names it, or one address." };
        var mark = new Argument<SourceMark>("WHOSE") { Description = "ours, foreign, or none to take it back." };
        var command = new Command("mark", Shared.WithExamples("Says whether sources send for a domain.", "report mark lists.example.org mailer.example ours")) { Domain, name, mark };
        command.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new MarkSources(parse.GetValue(Domain)!, parse.GetValue(name)!, parse.GetValue(mark)),
            (count, output) => output.WriteLine(Shown.Line($"{count} addresses are marked.")),
            cancellationToken));
        return command;
    }

    private static void Print(ReportExplanation explained, TextWriter output)
    {
        if (explained.Counts.Total == 0)
        {
            output.WriteLine(Shown.Line($"{Say(ReportWords.Nothing, explained.Domain)}"));
            return;
        }

        var share = (explained.Counts.Passed / (double)explained.Counts.Total).ToString("P1", CultureInfo.InvariantCulture);
        var days = explained.To.DayNumber - explained.From.DayNumber + 1;
        var forged = explained.WorstForger is { } forger ? " " + Say(ReportWords.Forged, forger.Counts.Failed, forger.Where) : "";
        output.WriteLine(Shown.Line($"{Say(ReportWords.Sentence, share, explained.Counts.Total, explained.Domain, days)}{forged}"));
        output.WriteLine(Shown.Line($"{explained.Reports} reports; {explained.Doubted} more are not counted. TLS: {explained.TlsFailures} of {explained.TlsSessions} connections failed."));
        foreach (var group in explained.Groups)
        {
            output.WriteLine();
            output.WriteLine(Shown.Line($"{Name(group)}\t{ReportWords.Of(group.Verdict)}\t{group.Counts.Passed} passed, {group.Counts.Failed} failed\t{group.Sources} addresses: {string.Join(", ", group.Addresses)}"));
            output.WriteLine(Shown.Line($"  {Say(ReportWords.Of(group.Cause), group.Detail)}"));
            if (group.Record is { } record)
            {
                output.WriteLine(Shown.Line($"  {record}"));
            }

            if (group.Verdict is SourceVerdict.Unclear && group.Name.Length > 0)
            {
                output.WriteLine(Shown.Line($"  listserver report mark {explained.Domain} {group.Name} ours|foreign"));
            }
        }
    }

    private static string Name(SourceGroup group) => group.Name.Length > 0 ? group.Name : "(many others)";

    internal static string Say(string words, params object[] values) => string.Format(CultureInfo.InvariantCulture, words, values);
}
