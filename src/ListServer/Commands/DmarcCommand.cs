using System.CommandLine;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;

namespace ListServer.Commands;

/// <summary>listserver dmarc …</summary>
internal static class DmarcCommand
{
    public static Command Build()
    {
        var domain = new Argument<string>("DOMAIN");
        var advise = new Command("advise", Shared.WithExamples(
            "Says how far a domain has come with DMARC, what to do next, and the numbers behind it.",
            "dmarc advise lists.example.org"))
        {
            domain,
        };
        advise.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new AdviseDmarc(parse.GetValue(domain)!), Print, cancellationToken));
        return new Command("dmarc", "The road from p=none to a policy that keeps others from writing in a domain's name.") { advise };
    }

    private static void Print(DmarcAdvice advice, TextWriter output)
    {
        var (step, needed) = (advice.Step, advice.Needed);
        output.WriteLine(Shown.Line($"{advice.Domain}: {ReportWords.Of(advice.Stage)}"));
        output.WriteLine(Shown.Line($"{ReportExplainCommand.Say(ReportWords.Of(step.Move), step.OursFailed, step.DaysReported, step.Messages, step.Reporters)}"));
        if (advice.Record is { } record)
        {
            output.WriteLine(Shown.Line($"  {record}"));
        }

        if (advice.NearsReject)
        {
            output.WriteLine(Shown.Line($"{ReportExplainCommand.Say(ReportWords.Reject, step.RelayedFailed)}"));
        }

        output.WriteLine();
        output.WriteLine(Shown.Line($"1  {Mark(advice.HasSpf)} SPF   {Mark(advice.HasDkim)} DKIM"));
        output.WriteLine(Shown.Line($"2  {Mark(advice.Stage > DmarcStage.Nothing)} DMARC record"));
        output.WriteLine(Shown.Line($"3  {Mark(advice.HasReportAddress && advice.ReportsByMail > 0)} reports come here: {step.DaysReported} of the last {DmarcRoad.Window} days ({needed.Days} needed, {needed.TestDays} with t=y)"));
        output.WriteLine(Shown.Line(
            $"   {step.Reporters} organisations report ({needed.Reporters} needed), {advice.ReportsByMail} reports came by mail{(advice.HasReportAddress ? "" : "; the record asks for reports elsewhere, or for none")}"));
        output.WriteLine(Shown.Line($"4  {Mark(advice.Broken.IsEmpty && advice.Unclear.IsEmpty)} own sources mended{Names(": to be mended ", advice.Broken)}{Names("; yours or not? ", advice.Unclear)}"));
        output.WriteLine(Shown.Line($"5  {Mark(step.Move is DmarcMove.Arrived)} policy: {step.DaysAtStage} days at {ReportWords.Of(advice.Stage)}"));
        output.WriteLine(Shown.Line(
            $"   {step.Messages} passed ({needed.Messages} needed), {step.OursFailed} of your own failed in {needed.QuietDays} days, {step.RelayedFailed} handed on by others failed, {step.OthersFailed} forged"));
        foreach (var (_, notice) in advice.Notices.OrderBy(notice => notice.Key, StringComparer.Ordinal))
        {
            output.WriteLine();
            output.WriteLine(Shown.Text($"Subject: {notice.Subject}\n\n{notice.Text}"));
        }
    }

    private static string Mark(bool isDone) => isDone ? "✓" : "✗";

    private static string Names(string words, IReadOnlyCollection<string> names) => names.Count == 0 ? "" : words + string.Join(", ", names);
}
