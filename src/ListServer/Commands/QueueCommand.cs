using System.CommandLine;
using ListServer.Admin.Queue;

namespace ListServer.Commands;

/// <summary>listserver queue …</summary>
internal static class QueueCommand
{
    private const int ShownRecipients = 20;

    public static Command Build()
    {
        var queue = new Command("queue", Shared.WithExamples(
            "Shows what waits to be delivered, by destination, and posts that wait before that.",
            "queue",
            "queue show example.org",
            "queue retry example.org",
            "queue drop 01JDF3W0Q7T3M3X9V4Y8Z6K2B1 --recipient ken@example.org --yes"))
        {
            Show(),
            Retry(),
            Drop(),
            Tls(),
        };
        queue.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new BrowseQueue(), Print, cancellationToken));
        return queue;
    }

    private static Command Show()
    {
        var destination = new Argument<string>("DESTINATION") { Description = "The recipients' domain." };
        var show = new Command("show", "Shows who waits for what at one destination, the oldest 100 copies.") { destination };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ShowQueue(parse.GetValue(destination)!),
            (queue, output) =>
            {
                output.WriteLine(Line(queue.Summary));
                foreach (var copy in queue.Copies)
                {
                    var more = copy.Waiting.Count > ShownRecipients ? $" and {copy.Waiting.Count - ShownRecipients} more" : "";
                    var next = copy.IsInFlight ? "on its way" : Next(copy.NextAttempt);
                    output.WriteLine(Shown.Line($"{copy.PostId}\t{copy.List}\tsince {copy.Since:yyyy-MM-dd HH:mm:ss}\t{copy.Attempts} attempts\t{next}\t{copy.LastReply}"));
                    output.WriteLine(Shown.Line($"  {string.Join(", ", copy.Waiting.Take(ShownRecipients))}{more}"));
                }
            },
            cancellationToken));
        return show;
    }

    private static Command Retry()
    {
        var destination = new Argument<string?>("DESTINATION") { Description = "The recipients' domain; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var retry = new Command("retry", "Makes what waits due now, instead of at its next attempt.") { destination };
        retry.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new RetryQueue(parse.GetValue(destination)),
            (answer, output) =>
            {
                output.WriteLine(Shown.Line($"{answer.Recipients} recipients at {answer.Destinations} destinations are due now."));
                foreach (var blocked in answer.Blocked)
                {
                    output.WriteLine(Shown.Line($"{blocked.Destination}: nothing goes there before {blocked.Pace.NotBefore:HH:mm:ss}: {blocked.Pace.SlowedBy}"));
                }
            },
            cancellationToken));
        return retry;
    }

    private static Command Drop()
    {
        var post = new Argument<string>("POST") { Description = "The post's ID, as 'queue show' names it." };
        var recipient = new Option<string?>("--recipient") { Description = "One address alone; all who wait by default.", HelpName = "ADDRESS" };
        var yes = new Option<bool>("--yes") { Description = "Needed: who is dropped does not get the post." };
        var drop = new Command("drop", "Gives up what waits of one post; its recipients count as stopped.") { post, recipient, yes };
        drop.SetAction(async (parse, cancellationToken) =>
        {
            if (parse.GetValue(yes))
            {
                return await Shared.RunAsync(parse, new DropQueued(parse.GetValue(post)!, parse.GetValue(recipient)), Print, cancellationToken);
            }

            await parse.InvocationConfiguration.Error.WriteLineAsync("Who is dropped does not get the post. Say --yes to do it.");
            return ExitCode.NeedsConfirmation;
        });
        return drop;
    }

    private static Command Tls()
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "The recipients' domain; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var day = new Option<DateOnly?>("--day") { Description = "One day (UTC); the last ten by default.", HelpName = "YYYY-MM-DD" };
        var tls = new Command("tls", "Shows how connections fared with TLS, by day, domain and policy (DANE, MTA-STS or none); --json in the form of RFC 8460.") { domain, day };
        tls.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseTls(parse.GetValue(domain), parse.GetValue(day)),
            (reports, output) =>
            {
                foreach (var report in reports)
                {
                    foreach (var policy in report.Policies)
                    {
                        output.WriteLine(Shown.Line($"{report.DateRange.Start[..10]}\t{policy.Policy.PolicyDomain}\t{policy.Policy.PolicyType}\t{policy.Summary.Successful} right\t{policy.Summary.Failed} wrong"));
                        foreach (var failure in policy.FailureDetails)
                        {
                            output.WriteLine(Shown.Line($"  {failure.FailedSessionCount}\t{failure.ResultType}\t{failure.ReceivingMxHostname}\t{failure.ReceivingIp}\t{failure.FailureReasonCode}"));
                        }
                    }
                }
            },
            cancellationToken));
        return tls;
    }

    private static int Print(DropAnswer answer, TextWriter output)
    {
        output.WriteLine(Shown.Line($"{answer.Recipients.Count} recipients are dropped."));
        if (answer.InFlight == 0)
        {
            return ExitCode.Ok;
        }

        output.WriteLine(Shown.Line($"{answer.InFlight} more are being delivered just now; say it again in a moment for those who still wait then."));
        return ExitCode.PartlyDone;
    }

    private static void Print(QueueOverview queue, TextWriter output)
    {
        foreach (var summary in queue.Destinations)
        {
            output.WriteLine(Line(summary));
        }

        output.WriteLine(Shown.Line($"{queue.Destinations.Sum(summary => summary.Waiting)} recipients wait for {queue.Destinations.Count} destinations"));
        foreach (var post in queue.Undistributed)
        {
            output.WriteLine(Shown.Line($"{post.Id}\t{post.List}\tsince {post.ReceivedAt:yyyy-MM-dd HH:mm:ss}\tnot distributed yet{(post.Reason.Length > 0 ? ": " + post.Reason : "")}"));
        }
    }

    private static string Next(DateTimeOffset? attempt) =>
        attempt is { } at ? FormattableString.Invariant($"next {at:yyyy-MM-dd HH:mm:ss}") : "held back, see 'announce list'";

    private static string Line(QueueSummary summary)
    {
        var pace = summary.Pace switch
        {
            null => "",
            { NotBefore: { } at } paused => Shown.Line($"\tpaused until {at:HH:mm:ss}: {paused.SlowedBy}"),
            var going => Shown.Line($"\t{going.Connections} of {going.Allowed} connections"),
        };
        return Shown.Line($"{summary.Destination}\t{summary.Waiting} waiting\t{summary.InFlight} on their way\toldest {summary.Oldest:yyyy-MM-dd HH:mm:ss}\t{Next(summary.NextAttempt)}")
            + pace + Shown.Line($"\t{summary.LastReply}");
    }
}
