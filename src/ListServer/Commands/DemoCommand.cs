using System.CommandLine;
using System.Runtime.InteropServices;
using ListServer.Demo;
using ListServer.Hosting;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Commands;

/// <summary>listserver demo</summary>
internal static class DemoCommand
{
    public static Command Build()
    {
        var once = new Option<bool>("--once") { Description = "Ends when the three posts have been shown." };
        var demo = new Command("demo", Shared.WithExamples(
            "Shows the way of a post on loopback alone: three posts by SMTP, verified, decided about, signed, sealed and delivered.",
            "demo",
            "demo --once"))
        {
            once,
        };
        demo.SetAction((parse, cancellationToken) => RunAsync(parse, parse.GetValue(once), cancellationToken));
        return demo;
    }

    private static async Task<int> RunAsync(ParseResult parse, bool once, CancellationToken cancellationToken)
    {
        var (output, error) = (parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        var given = parse.GetResult(Shared.Data) is { Implicit: false };
        var folder = given ? parse.GetValue(Shared.Data)! : Directory.CreateTempSubdirectory("listserver-demo-").FullName;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error).AddSimpleConsole());
        try
        {
            await using var stage = await DemoStage.SetAsync(folder, TimeProvider.System, logs, stop.Token);
            await output.WriteLineAsync("talk@lists.example has five members at five providers. Three messages come in by SMTP.");
            await stage.PlayAsync(output, stop.Token);
            if (!once)
            {
                var link = await stage.AdminLinkAsync(stop.Token);
                await output.WriteLineAsync(Shown.Line($"\nThe pages, signed in as the admin (the link works once, for 15 minutes): {link}"));
                await output.WriteLineAsync(Shown.Line(
                    $"SMTP listens on {stage.Server.SmtpEndPoints[0]}; other commands find this server with --data {folder}. Ctrl+C ends it."));
                await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }

            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("The demo's posts did not get through in time.");
            return ExitCode.Failed;
        }
        catch (Exception problem) when (problem is ServerStartException or StoreException or IOException)
        {
            await error.WriteLineAsync(Shown.Line($"The demo can't start: {problem.Message}"));
            return ExitCode.Failed;
        }
        finally
        {
            if (!given)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
