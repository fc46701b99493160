using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using ListServer.Admin.Posts;

namespace ListServer.Commands;

/// <summary>listserver post …</summary>
internal static class PostCommand
{
    private static readonly Argument<string> List = new("LIST") { Description = "The posting address." };
    private static readonly Argument<string> File = new("FILE") { Description = "The whole message; - for standard input." };
    private static readonly Option<IPAddress?> Ip = Address("--ip", "The address of the client that would send it; without one SPF has nothing to say.");
    private static readonly Option<string> Helo = new("--helo") { Description = "The name it would give.", DefaultValueFactory = _ => "" };
    private static readonly Option<string?> MailFrom = new("--mail-from") { Description = "MAIL FROM; '' for the null sender; the author's address by default." };
    private static readonly Option<IPAddress?> SentFrom = Address("--sent-from", "The address that copies leave this server from, for SPF at the next hop; without one SPF has nothing to say there.");
    private static readonly Option<string[]> Known = new("--known-sealer")
    {
        Description = "A domain whose seal the Gmail-like receiver knows, beside those of Trust:Sealers.",
        HelpName = "DOMAIN",
    };

    private static readonly Option<string?> Out = new("--out") { Description = "Writes the copy that would leave into a file.", HelpName = "FILE" };

    public static Command Build() => new("post", "Posts that are not sent yet.") { Try() };

    private static Command Try()
    {
        var attempt = new Command("try", Shared.WithExamples(
            "Says what would happen to a message if it came to a list now. Nothing is sent, stored or counted.",
            "post try talk@lists.example.org draft.eml",
            "post try talk@lists.example.org draft.eml --ip 192.0.2.1 --mail-from ken@example.org --out copy.eml"))
        {
            List, File, Ip, Helo, MailFrom, SentFrom, Known, Out,
        };
        attempt.SetAction(RunAsync);
        return attempt;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var error = parse.InvocationConfiguration.Error;
        if (await MessageFile.ReadAsync(parse.GetValue(File)!, error, cancellationToken) is not { } message)
        {
            return ExitCode.NotFound;
        }

        var asked = new TryPost(
            parse.GetValue(List)!,
            message.Octets.ToArray(),
            new TrialOrigin(parse.GetValue(Ip)?.ToString(), parse.GetValue(Helo)!, parse.GetValue(MailFrom)))
        {
            SentFrom = parse.GetValue(SentFrom)?.ToString(),
            KnownSealers = [.. parse.GetValue(Known) ?? []],
            WithOctets = parse.GetValue(Out) is not null,
        };
        return await Shared.RunAsync(
            parse,
            asked,
            (trial, output) =>
            {
                TrialText.Print(trial, output);
                return parse.GetValue(Out) is { } path ? Keep(trial.Copy, path, error) : ExitCode.Ok;
            },
            cancellationToken);
    }

    private static int Keep(TrialCopy? copy, string path, TextWriter error)
    {
        if (copy?.Octets is not { } octets)
        {
            error.WriteLine(Shown.Line($"No copy would leave: {path} is not written."));
            return ExitCode.PartlyDone;
        }

        return MessageFile.Write(path, octets, error) ? ExitCode.Ok : ExitCode.PartlyDone;
    }

    private static Option<IPAddress?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS",
        CustomParser = result => Parse(name, result),
    };

    private static IPAddress? Parse(string name, ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
        {
            return address;
        }

        result.AddError($"{name} takes an IP address, not '{result.Tokens[0].Value}'.");
        return null;
    }
}
