using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Text;
using System.Text.Json;
using ListServer.MailAuth;
using ListServer.MailAuth.AuthenticationResults;

namespace ListServer.Commands;

/// <summary>listserver verify</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "The message; - for standard input." };

    private static readonly Option<IPAddress> Ip = new("--ip")
    {
        Description = "The address of the client that sent it.",
        HelpName = "ADDRESS",
        Required = true,
        CustomParser = Parse,
    };

    private static readonly Option<string> Helo = new("--helo") { Description = "The name it gave.", DefaultValueFactory = _ => "" };
    private static readonly Option<string> MailFrom = new("--mail-from") { Description = "MAIL FROM; '' for the null sender.", DefaultValueFactory = _ => "" };
    private static readonly Option<string> AuthservId = new("--authserv-id") { Description = "Who says so.", DefaultValueFactory = _ => "listserver.invalid" };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Tells each step and each DNS answer in words." };

    public static Command Build()
    {
        var lookup = new LookupOptions();
        var verify = new Command("verify", Shared.WithExamples(
            "Verifies SPF, DKIM, ARC and DMARC of a message.",
            "verify --ip 192.0.2.1 --helo mail.example.org --mail-from ken@example.org message.eml",
            "verify --json --dns 127.0.0.1:5353 --ip 192.0.2.1 --time 1700000000 message.eml"))
        {
            File, Ip, Helo, MailFrom, AuthservId, Explain,
        };
        lookup.AddTo(verify);
        verify.SetAction((parse, cancellationToken) => RunAsync(parse, lookup, cancellationToken));
        return verify;
    }

    private static async Task<int> RunAsync(ParseResult parse, LookupOptions lookup, CancellationToken cancellationToken)
    {
        var (output, error) = (parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);
        if (await MessageFile.ReadAsync(parse.GetValue(File)!, error, cancellationToken) is not { } message)
        {
            return ExitCode.NotFound;
        }

        var authenticator = new MessageAuthenticator(lookup.Resolver(parse), lookup.Clock(parse));
        var client = parse.GetValue(Ip)!;
        var report = await authenticator.VerifyAsync(
            message, client, parse.GetValue(Helo)!, parse.GetValue(MailFrom)!, cancellationToken: cancellationToken);
        var results = ReportResults.From(report, client, parse.GetValue(AuthservId)!).Write();
        if (parse.GetValue(Shared.Json))
        {
            await output.WriteLineAsync(Json(report, results));
        }
        else
        {
            Print(report, output);
        }

        if (parse.GetValue(Explain))
        {
            var explained = parse.GetValue(Shared.Json) ? error : output;
            foreach (var line in VerifyExplanation.Lines(report))
            {
                await explained.WriteLineAsync(line);
            }
        }

        return ExitCode.Ok;
    }

    private static string Json(AuthenticationReport report, string results)
    {
        using var octets = new MemoryStream();
        using (var writer = new Utf8JsonWriter(octets))
        {
            writer.WriteStartObject();
            AuthenticationReportJson.WriteMembers(writer, report, results);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(octets.ToArray());
    }

    private static void Print(AuthenticationReport report, TextWriter output)
    {
        output.WriteLine(Shown.Line($"author {report.Author.Address ?? "(none)"}{(report.Author.Reason is { } reason ? ": " + reason : "")}"));
        output.WriteLine(Shown.Line($"spf    {Word(report.SpfMailFrom.Verdict)} for {report.SpfMailFrom.Domain}: {report.SpfMailFrom.Reason}"));
        output.WriteLine(Shown.Line($"helo   {Word(report.SpfHelo.Verdict)} for {report.SpfHelo.Domain}: {report.SpfHelo.Reason}"));
        foreach (var dkim in report.Dkim)
        {
            output.WriteLine(Shown.Line($"dkim   {Word(dkim.Verdict)} for d={dkim.Domain} s={dkim.Selector}: {dkim.Reason}"));
        }

        output.WriteLine(Shown.Line($"arc    {Word(report.Arc.Verdict)} with {report.Arc.Instances} set(s): {report.Arc.Reason}"));
        output.WriteLine(Shown.Line($"dmarc  {Word(report.Dmarc.Verdict)} for {report.Dmarc.AuthorDomain}: {report.Dmarc.Reason}"));
    }

    private static IPAddress Parse(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
        {
            return address;
        }

        result.AddError($"--ip takes an IP address, not '{result.Tokens[0].Value}'.");
        return IPAddress.None;
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
