using System.CommandLine;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;

namespace ListServer.Commands;

/// <summary>listserver seal</summary>
internal static class SealCommand
{
    private static readonly Argument<string> Message = new("FILE") { Description = "The message; - for standard input." };
    private static readonly Option<string> Domain = new("--domain") { Description = "d= of the seal.", Required = true };
    private static readonly Option<string> Selector = new("--selector") { Description = "s= of the seal.", Required = true };
    private static readonly Option<string> Key = new("--key") { Description = "The private key, a PEM file.", HelpName = "FILE", Required = true };
    private static readonly Option<string> AuthservId = new("--authserv-id") { Description = "Whose Authentication-Results are sealed.", Required = true };
    private static readonly Option<string?> Headers = new("--headers") { Description = "The header fields to cover, in order; the usual ones by default.", HelpName = "A:B:C" };

    public static Command Build()
    {
        var lookup = new LookupOptions();
        var seal = new Command("seal", Shared.WithExamples(
            "Adds an ARC set to a message and writes the sealed message to standard output.",
            "seal --domain lists.example.org --selector s202611 --key s202611.pem --authserv-id mx.example.org message.eml > sealed.eml"))
        {
            Message, Domain, Selector, Key, AuthservId, Headers,
        };
        lookup.AddTo(seal);
        seal.SetAction((parse, cancellationToken) => RunAsync(parse, lookup, cancellationToken));
        return seal;
    }

    private static async Task<int> RunAsync(ParseResult parse, LookupOptions lookup, CancellationToken cancellationToken)
    {
        var error = parse.InvocationConfiguration.Error;
        if (await MessageFile.ReadAsync(parse.GetValue(Message)!, error, cancellationToken) is not { } message)
        {
            return ExitCode.NotFound;
        }

        if (Identity(parse, out var fields, out var problem) is not { } identity)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.Usage;
        }

        using (identity.Key)
        {
            var clock = lookup.Clock(parse);
            var arrived = await new ArcVerifier(lookup.Resolver(parse), time: clock).VerifyAsync(message, cancellationToken);
            var results = ResultsFields.Merge(message, parse.GetValue(AuthservId)!);
            var sealer = new ArcSealer(identity, new ArcSealingOptions { Fields = fields }, clock);
            await using var output = Console.OpenStandardOutput();
            if (sealer.TrySeal(message, arrived, results, out var set, out var refusal))
            {
                await output.WriteAsync(set.ToOctets(), cancellationToken);
            }
            else
            {
                await error.WriteLineAsync(Shown.Line($"No ARC set is added: {refusal}."));
            }

            await output.WriteAsync(message.Octets, cancellationToken);
        }

        return ExitCode.Ok;
    }

    private static SigningIdentity? Identity(ParseResult parse, out SignedFields fields, out string problem)
    {
        (fields, problem) = (SignedFields.StandardForArc, "");
        try
        {
            if (parse.GetValue(Headers) is { Length: > 0 } headers)
            {
                fields = SignedFields.Exactly(headers.Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }

            var path = parse.GetValue(Key)!;
            if (!SigningKey.TryLoad(File.ReadAllText(path), null, out var key, out var error))
            {
                problem = $"The key {path} can't be used: {error}.";
                return null;
            }

            return new SigningIdentity(parse.GetValue(Domain)!, parse.GetValue(Selector)!, key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = fault.Message;
            return null;
        }
    }
}
