using System.CommandLine;
using ListServer.Admin.Posts;

namespace ListServer.Commands;

/// <summary>listserver undo</summary>
internal static class UndoCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "The copy as it arrived; - for standard input." };
    private static readonly Option<string> Out = new("--out") { Description = "Where the post goes.", HelpName = "FILE", Required = true };

    public static Command Build()
    {
        var undo = new Command("undo", Shared.WithExamples(
            "Rebuilds a post as it came from a delivered copy and the recorded steps, and verifies its author's signature.",
            "undo copy.eml --out original.eml"))
        {
            File, Out,
        };
        undo.SetAction(RunAsync);
        return undo;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var error = parse.InvocationConfiguration.Error;
        return await MessageFile.ReadAsync(parse.GetValue(File)!, error, cancellationToken) is { } copy
            ? await Shared.RunAsync(
                parse,
                new UndoCopy(copy.Octets.ToArray()),
                (undone, output) =>
                {
                    output.WriteLine(Shown.Line($"post  {undone.Post} to {undone.List}, {undone.Original.Length} octets as it came"));
                    foreach (var signature in undone.Signatures)
                    {
                        output.WriteLine(Shown.Line($"dkim  d={signature.Domain} s={signature.Selector}: {(signature.Verifies ? "verifies" : "does not verify")}"));
                    }

                    return MessageFile.Write(parse.GetValue(Out)!, undone.Original, error) ? ExitCode.Ok : ExitCode.PartlyDone;
                },
                cancellationToken)
            : ExitCode.NotFound;
    }
}
