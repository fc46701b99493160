using System.Collections.Immutable;
using System.CommandLine;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;

namespace ListServer.Commands;

/// <summary>listserver report …</summary>
internal static class ReportCommand
{
    /// <summary>The server takes no larger request over its socket, and octets grow by a third on the way.</summary>
    private const long MostOctets = 180L << 20;

    public static Command Build() => new("report", Shared.WithExamples(
        "Reports of others about our domains: who sends in their name, and how it fares.",
        "report import report.xml.gz",
        "report list lists.example.org",
        "report show 4f0c9a1be2d37788"))
    {
        Import(),
        Browse(),
        Show(),
        ReportExplainCommand.Explain(),
        ReportExplainCommand.Mark(),
    };

    private static Command Import()
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Reports as XML, JSON, gzip or zip, or mails with them.", Arity = ArgumentArity.OneOrMore };
        var import = new Command("import", "Takes reports from files, as if they had come by mail. Whoever gives them vouches for them.") { files };
        import.SetAction(async (parse, cancellationToken) =>
            await ReadAsync(parse.GetValue(files)!, parse.InvocationConfiguration.Error, cancellationToken) is { } read
                ? await Shared.RunAsync(parse, new ImportReports(read), Print, cancellationToken)
                : ExitCode.Failed);
        return import;
    }

    private static async Task<ImmutableArray<ReportFile>?> ReadAsync(FileInfo[] files, TextWriter error, CancellationToken cancellationToken)
    {
        var read = ImmutableArray.CreateBuilder<ReportFile>();
        var octets = 0L;
        foreach (var file in files)
        {
            try
            {
                octets += file.Length;
                if (octets > MostOctets)
                {
                    await error.WriteLineAsync(Shown.Line($"These are more than {MostOctets >> 20} MiB at once; import them in parts."));
                    return null;
                }

                read.Add(new ReportFile(file.Name, await File.ReadAllBytesAsync(file.FullName, cancellationToken)));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(Shown.Line($"{file.Name} can't be read: {problem.Message}"));
                return null;
            }
        }

        return read.ToImmutable();
    }

    private static int Print(IReadOnlyList<ImportedReport> imported, TextWriter output)
    {
        foreach (var (file, answer) in imported)
        {
            output.WriteLine(answer.Fate switch
            {
                ReportFate.Refused => Shown.Line($"{file}\trefused: {answer.Words}"),
                ReportFate.Known => Shown.Line($"{file}\t{answer.Report!.Id}\tknown already"),
                _ => Shown.Line($"{file}\t{answer.Report!.Id}\t{answer.Report.Domain}\t{answer.Report.Passed} passed, {answer.Report.Failed} failed"),
            });
        }

        return imported.Any(one => one.Answer.Fate is ReportFate.Refused) ? ExitCode.PartlyDone : ExitCode.Ok;
    }

    private static Command Browse()
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "About one domain; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { Description = "How many at the most.", DefaultValueFactory = _ => 50, HelpName = "N" };
        var browse = new Command("list", "Names the reports that came in, the newest first.") { domain, limit };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseReports(parse.GetValue(domain), parse.GetValue(limit)),
            (reports, output) =>
            {
                foreach (var report in reports)
                {
                    output.WriteLine(Shown.Line(
                        $"{report.Id}\t{report.Domain}\t{Word(report.Kind)}\t{report.Day:yyyy-MM-dd}\t{report.Organization}\t{report.Passed} passed, {report.Failed} failed\t{(report.Doubt is null ? "" : "not counted")}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static Command Show()
    {
        var id = new Argument<string>("ID") { Description = "The report's ID, as 'report list' shows it." };
        var show = new Command("show", "Shows a report: who made it, about what, and whether it counts.") { id };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new ShowReport(parse.GetValue(id)!), Print, cancellationToken));
        return show;
    }

    private static void Print(ReceivedReport report, TextWriter output)
    {
        output.WriteLine(Shown.Line($"about      {report.Domain}{(report.PolicyDomain == report.Domain ? "" : ", by the record of " + report.PolicyDomain)} ({Word(report.Kind)})"));
        output.WriteLine(Shown.Line($"made by    {report.Organization}, as {report.ReportId}"));
        output.WriteLine(Shown.Line($"came from  {report.From} at {report.ReceivedAt:yyyy-MM-dd HH:mm:ss}"));
        output.WriteLine(Shown.Line($"span       {report.Begin:yyyy-MM-dd HH:mm:ss} to {report.End:yyyy-MM-dd HH:mm:ss}"));
        output.WriteLine(Shown.Line($"found      {report.Passed} passed, {report.Failed} failed, in {report.Rows} rows"));
        if (report.Policy is { } policy)
        {
            output.WriteLine(Shown.Line($"policy     p={policy.ToString().ToLowerInvariant()}{(report.IsTesting ? "; t=y" : "")}"));
        }

        output.WriteLine(Shown.Line($"counts     {(report.Doubt is null ? "yes" : "no: " + report.Doubt)}"));
    }

    private static string Word(ReportKind kind) => kind is ReportKind.Dmarc ? "DMARC" : "TLS";
}
