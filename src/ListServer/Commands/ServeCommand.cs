using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Configuration;
using ListServer.Hosting;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Commands;

/// <summary>listserver serve</summary>
internal static class ServeCommand
{
    public static Command Build()
    {
        var set = new Option<string[]>("--set")
        {
            Description = "Sets an option, such as Smtp:Listen=0.0.0.0:25; may be given more than once.",
            HelpName = "KEY=VALUE",
        };
        var config = new Option<string?>("--config") { Description = $"A JSON file with options; by default {OptionSources.FileName} in the data folder.", HelpName = "FILE" };
        var serve = new Command("serve", Shared.WithExamples(
            "Runs the server until SIGTERM or Ctrl+C. Prints 'ready' when it accepts connections.",
            "serve --data /var/lib/listserver",
            "serve --set Smtp:Listen=127.0.0.1:2525 --set Outbound:Smarthost=127.0.0.1:2526",
            "serve --config /etc/listserver.json"))
        {
            set, config,
        };
        serve.SetAction((parse, cancellationToken) =>
            RunAsync(parse, parse.GetValue(set) ?? [], parse.GetValue(config), cancellationToken));
        return serve;
    }

    private static async Task<int> RunAsync(ParseResult parse, string[] set, string? config, CancellationToken cancellationToken)
    {
        var (data, error) = (parse.GetValue(Shared.Data)!, parse.InvocationConfiguration.Error);
        var options = OptionSources.Read(data, config, set, out var problems);
        if (problems.Count > 0)
        {
            problems.ToList().ForEach(error.WriteLine);
            return ExitCode.Usage;
        }

        var json = ServerLog.IsJson(options.Log.Format, isAsked: parse.GetValue(Shared.Json), isTerminal: !Console.IsErrorRedirected);
        using var logs = LoggerFactory.Create(builder => ServerLog.Configure(builder, options.Log, json));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        try
        {
            await using var server = await Server.StartAsync(data, options, logs, TimeProvider.System, stop.Token);
            var first = await server.Desk.RunAsync(new MakeFirstLink(), stop.Token);
            await parse.InvocationConfiguration.Output.WriteLineAsync("ready");
            if (first is Outcome<MadeLink>.Done({ Url: { } url }))
            {
                await parse.InvocationConfiguration.Output.WriteLineAsync(Shown.Line($"Nobody runs this server yet. Become its admin, within a day: {url}"));
            }

            await parse.InvocationConfiguration.Output.FlushAsync(CancellationToken.None);
            if (await Task.WhenAny(server.Failure, Task.Delay(Timeout.Infinite, stop.Token)) == server.Failure)
            {
                await error.WriteLineAsync(Shown.Text($"listserver stops: {(await server.Failure).Message}"));
                return ExitCode.Failed;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it started.
        }
        catch (Exception problem) when (problem is ServerStartException or StoreException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            await error.WriteLineAsync(Shown.Text($"listserver can't start: {problem.Message}"));
            return ExitCode.Failed;
        }

        return ExitCode.Ok;
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
