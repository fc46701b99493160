using System.CommandLine;
using System.Text.Json;
using ListServer.Admin;
using ListServer.Admin.Domains;
using ListServer.Control;

namespace ListServer.Commands;

/// <summary>What all commands have in common: where the data are, how answers are printed, how refusals end.</summary>
internal static class Shared
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LISTSERVER_DATA") is { Length: > 0 } folder ? folder : "data",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Answers in JSON on standard output.", Recursive = true };

    /// <summary>Adds examples to a command's description, where help shows them.</summary>
    public static string WithExamples(string description, params string[] examples) =>
        $"{description}\n\nExamples:\n" + string.Join('\n', examples.Select(example => "  listserver " + example));

    /// <summary>Runs a use case at the server's desk, or on the store itself when no server runs, and prints how it ended.</summary>
    public static Task<int> RunAsync<T>(
        ParseResult parse, UseCase<T> useCase, Action<T, TextWriter> print, CancellationToken cancellationToken) =>
        RunAsync(parse, useCase, (answer, output) =>
        {
            print(answer, output);
            return ExitCode.Ok;
        }, cancellationToken);

    /// <summary>As above, for answers that decide about the exit code.</summary>
    public static async Task<int> RunAsync<T>(
        ParseResult parse, UseCase<T> useCase, Func<T, TextWriter, int> print, CancellationToken cancellationToken)
    {
        var (output, error) = (parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        await using var desk = await Desk.OpenAsync(parse.GetValue(Data)!, mayMake: useCase is AddDomain, error, cancellationToken);
        if (desk is null)
        {
            return ExitCode.TryLater;
        }

        switch (await desk.RunAsync(useCase, cancellationToken))
        {
            case Outcome<T>.Done(var answer) when parse.GetValue(Json):
                await output.WriteLineAsync(JsonSerializer.Serialize(answer, Wire.Pretty));
                return print(answer, TextWriter.Null);
            case Outcome<T>.Done(var answer):
                return print(answer, output);
            case Outcome<T>.Refused(var kind, var message) when parse.GetValue(Json):
                await output.WriteLineAsync(JsonSerializer.Serialize(new { error = kind, message }, Wire.Pretty));
                return ExitCode.Of(kind);
            case Outcome<T>.Refused(var kind, var message):
                await error.WriteLineAsync(Shown.Text(message));
                return ExitCode.Of(kind);
            default:
                throw new InvalidOperationException("An outcome is done or refused.");
        }
    }
}
