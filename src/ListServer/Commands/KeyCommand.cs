using System.CommandLine;
using ListServer.Admin.Keys;

namespace ListServer.Commands;

/// <summary>listserver key …</summary>
internal static class KeyCommand
{
    private static readonly Argument<string> Domain = new("DOMAIN");

    public static Command Build() => new("key", "DKIM and ARC keys.") { Generate(), Show() };

    private static Command Generate()
    {
        var selector = new Option<string>("--selector") { Description = "The selector under which the public key stands in DNS.", Required = true };
        var file = new Option<string?>("--out") { Description = "Also write the private key to this file (PEM, with the DNS record as a remark above it).", HelpName = "FILE" };
        var algorithm = new Option<string>("--algorithm") { Description = "rsa or ed25519.", DefaultValueFactory = _ => "rsa" };
        algorithm.AcceptOnlyFromAmong("rsa", "ed25519");
        var generate = new Command("generate", Shared.WithExamples(
            "Makes a key, signs the domain's mail with it from now on, and prints the DNS record to publish first.",
            "key generate lists.example.org --selector s202611",
            "key generate lists.example.org --selector s202611 --out s202611.pem"))
        {
            Domain, selector, file, algorithm,
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
                new GenerateKey(parse.GetValue(Domain)!, parse.GetValue(selector)!, parse.GetValue(algorithm) == "ed25519", path is not null),
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
            error.WriteLine(Shown.Line($"The key is in use, but could not be written to {path}: {problem.Message}"));
            return false;
        }
    }
}
