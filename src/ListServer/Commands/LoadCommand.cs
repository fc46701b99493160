using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ListServer.Control;
using ListServer.Hosting;
using ListServer.Load;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Commands;

/// <summary>listserver load …</summary>
internal static class LoadCommand
{
    private const int UsualDeliveries = 50_000;
    private const int MostUsualPosts = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Command Build()
    {
        var (members, destinations) = (Number("--members", "Members of the list.", 10_000), Number("--destinations", "Domains they are spread over.", 200));
        var (size, delay, posts) = (Size(), Delay(), new Option<int?>("--posts") { Description = "How many posts are measured, once the process is warm. Usually as many as make 50,000 deliveries, 20 at the most.", HelpName = "N" });
        var mode = new Option<string>("--mode") { Description = "shared: one copy for all. verp: the same, but a reverse-path for each member. personal: one per member, signed for it, with its own reverse-path.", DefaultValueFactory = _ => "shared" };
        mode.AcceptOnlyFromAmong("shared", "verp", "personal");
        var smarthost = Smarthost();
        var load = new Command("load", Shared.WithExamples(
            "Measures delivery on loopback: a signed post comes in by SMTP and goes out to all members of a list, into a sink in a process of its own.",
            "load",
            "load --members 100000 --mode personal",
            "load --mode personal --reply-delay 30"))
        {
            members, destinations, size, mode, posts, delay, smarthost, Posts(), Sink(),
        };
        load.SetAction((parse, cancellationToken) => RunAsync(
            parse,
            new LoadPlan(parse.GetValue(members), Math.Min(parse.GetValue(destinations), parse.GetValue(members)), parse.GetValue(size), Enum.Parse<LoadMode>(parse.GetValue(mode)!, ignoreCase: true), Math.Max(1, parse.GetValue(posts) ?? Math.Min(MostUsualPosts, UsualDeliveries / parse.GetValue(members))), 1, Milliseconds(parse.GetValue(delay))) { ToSmarthost = parse.GetValue(smarthost) },
            cancellationToken));
        return load;
    }

    private static Command Posts()
    {
        var (count, connections) = (Number("--count", "How many posts.", 2_000), Number("--connections", "Over how many connections they come in at once.", 16));
        var (size, smarthost) = (Size(), Smarthost());
        var posts = new Command("posts", "Measures acceptance and the whole way of many posts to a list of ten members.") { count, connections, size, smarthost };
        posts.SetAction((parse, cancellationToken) => RunAsync(
            parse,
            new LoadPlan(10, 10, parse.GetValue(size), LoadMode.Shared, parse.GetValue(count), parse.GetValue(connections), TimeSpan.Zero) { ToSmarthost = parse.GetValue(smarthost) },
            cancellationToken));
        return posts;
    }

    private static Command Sink()
    {
        var delay = Delay();
        var sink = new Command("sink", "Takes what a run sends, and counts it.") { delay };
        sink.Hidden = true;
        sink.SetAction((parse, cancellationToken) => LoadSink.RunAsync(Milliseconds(parse.GetValue(delay)), Console.In, Console.Out, cancellationToken));
        return sink;
    }

    private static Option<int> Number(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name} has to be at least 1.");
            }
        });
        return option;
    }

    private static Option<int> Size() => Number("--size", "Octets of a post.", 4_096);

    private static Option<double> Delay() => new("--reply-delay") { Description = "By how many milliseconds the sink's answers come later, as over a long line.", HelpName = "MS" };

    private static Option<bool> Smarthost() => new("--smarthost") { Description = "All goes to the sink as to a smarthost: one transaction for all destinations." };

    private static TimeSpan Milliseconds(double number) => TimeSpan.FromMilliseconds(Math.Max(0, number));

    private static async Task<int> RunAsync(ParseResult parse, LoadPlan plan, CancellationToken cancellationToken)
    {
        var (output, error) = (parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        var folder = Directory.CreateTempSubdirectory("listserver-load-").FullName;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Error).AddSimpleConsole());
        try
        {
            var report = await LoadRun.RunAsync(plan, folder, TimeProvider.System, logs, deadline.Token);
            await output.WriteLineAsync(parse.GetValue(Shared.Json) ? JsonSerializer.Serialize(report, Wire.Pretty) : Text(report));
            return report.IsExact ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("The run did not come to its end.");
            return ExitCode.Failed;
        }
        catch (Exception problem) when (problem is ServerStartException or StoreException or IOException)
        {
            await error.WriteLineAsync(Shown.Line($"The run failed: {problem.Message}"));
            return ExitCode.Failed;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Text(LoadReport report) => string.Create(CultureInfo.InvariantCulture, $"""
        {report.Plan.Posts} posts (after {report.WarmUps} to warm up) of {report.Plan.Octets} octets, {report.Plan.Members} members, {report.Plan.Destinations} destinations{(report.Plan.ToSmarthost ? " by a smarthost" : "")}, {ListCommand.Words(report.Plan.Mode)}
        {report.Delivered,12:N0} deliveries, {(report.IsExact ? "each exactly once" : "NOT each exactly once")}
        {report.DeliveriesPerSecond,12:N0} deliveries a second ({report.OfCeiling:P0} of the sink's ceiling, {report.CeilingPerSecond:N0})
        {report.DeliveriesPerCpuSecond,12:N0} deliveries a processor second ({report.OfRsa:P0} of raw RSA-2048 signing, {report.RsaPerCpuSecond:N0})
        {report.PostsPerCpuSecond,12:N1} posts a processor second, {report.AcceptedPerSecond:N0} accepted a second
        {report.FirstCopyMilliseconds,12:N0} ms to the first copy at the sink
        {report.PeakMebibytes,12:N0} MiB at the most
        """);
}
