using System.CommandLine;
using ListServer.Admin.Keys;
using ListServer.Lists.Publishing;

namespace ListServer.Commands;

/// <summary>listserver key …</summary>
internal static class KeyCommand
{
    private static readonly Argument<string> Domain = new("DOMAIN");

    public static Command Build() => new("key", "DKIM and ARC keys.") { Generate(), Show(), Names(), Rotate() };

    private static Command Generate()
    {
        var selector = new Option<string>("--selector") { Description = "The selector under which the public key stands in DNS.", Required = true };
        var file = new Option<string?>("--out") { Description = "Also write the private key to this file (PEM, with the DNS record as a remark above it).", HelpName = "FILE" };
        var algorithm = new Option<string>("--algorithm") { Description = "rsa or ed25519.", DefaultValueFactory = _ => "rsa" };
        algorithm.AcceptOnlyFromAmong("rsa", "ed25519");
        var useNow = new Option<bool>("--use-now") { Description = "Signs with it at once, whatever DNS shows: for where its record stands already and this server can't see it." };
        var generate = new Command("generate", Shared.WithExamples(
            "Makes a key and prints the DNS record to publish. Mail is signed with it as soon as all name servers of the domain show it; until then the present key signs, or mail waits.",
            "key generate lists.example.org --selector s202611",
            "key generate lists.example.org --selector s202611 --out s202611.pem"))
        {
            Domain, selector, file, algorithm, useNow,
        };
        generate.SetAction(async (parse, cancellationToken) =>
        {
            var (path, error) = (parse.GetValue(file), parse.InvocationConfiguration.Error);
            if (path is not null && File.Exists(path))
            {
                await error.WriteLineAsync(Shown.Line($"{path} is there already; keys are never overwritten."));
                return ExitCode.Failed;
            }

            return await Shared.RunAsync(
                parse,
                new GenerateKey(parse.GetValue(Domain)!, parse.GetValue(selector)!, parse.GetValue(algorithm) == "ed25519", path is not null) { UseNow = parse.GetValue(useNow) },
                (key, output) =>
                {
                    output.WriteLine(key.ZoneLine);
                    return path is null || Write(path, key, error) ? ExitCode.Ok : ExitCode.PartlyDone;
                },
                cancellationToken);
        });
        return generate;
    }

    private static Command Show()
    {
        var selector = new Option<string?>("--selector") { Description = "By default the one in use." };
        var show = new Command("show", "Prints the DNS record of a domain's key.") { Domain, selector };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ShowKey(parse.GetValue(Domain)!, parse.GetValue(selector)),
            (key, output) => output.WriteLine(key.ZoneLine),
            cancellationToken));
        return show;
    }

    private static Command Names()
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "By default all domains.", Arity = ArgumentArity.ZeroOrOne };
        var list = new Command("list", "Names the keys, how far each has come (made, used, leaving, removable, retired), and what is in its way.") { domain };
        list.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseKeys(parse.GetValue(domain)),
            (keys, output) =>
            {
                foreach (var key in keys)
                {
                    output.WriteLine(Shown.Line($"{key.Domain}\t{key.Selector}\t{key.Stage.ToString().ToLowerInvariant()}\tsince {key.Since:yyyy-MM-dd}\t{Words(key)}"));
                }
            },
            cancellationToken));
        return list;
    }

    private static Command Rotate()
    {
        var rotate = new Command("rotate", Shared.WithExamples(
            "Makes the key that is to follow the present one, and prints the record to publish. The rest goes by itself: it signs when all name servers show it, and 'key list' tells how far it is.",
            "key rotate lists.example.org"))
        {
            Domain,
        };
        rotate.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new RotateKey(parse.GetValue(Domain)!), (key, output) => output.WriteLine(key.ZoneLine), cancellationToken));
        return rotate;
    }

    private static string Words(DomainKey key) => key switch
    {
        { IsLost: true } => $"mail waits: {key.Problem}",
        { Problem.Length: > 0 } => key.Problem,
        { KeepUntil: { } until } => $"its record has to stay until {until:yyyy-MM-dd}",
        { Stage: KeyStage.Removable } => "its record may be removed, or its p= be emptied",
        { Stage: KeyStage.Made } => "publish its record: listserver dns show " + key.Domain,
        _ => "",
    };

    // RFC 7468 §2: text before the encapsulation boundary is a remark.
    private static bool Write(string path, KeyAnswer key, TextWriter error)
    {
        try
        {
            var mode = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var writer = new StreamWriter(path, mode);
            writer.Write($"{key.ZoneLine}\n{key.PrivateKey}");
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(Shown.Line($"The key is made, but could not be written to {path}: {problem.Message}"));
            return false;
        }
    }
}
