using System.CommandLine;
using ListServer.Admin.Publishing;

namespace ListServer.Commands;

/// <summary>listserver dns …</summary>
internal static class DnsCommand
{
    public static Command Build() => new("dns", "What domains have to publish in DNS.") { Show(), Check() };

    private static Command Show()
    {
        var domain = new Argument<string>("DOMAIN");
        var show = new Command("show", Shared.WithExamples(
            "Prints the records that a domain needs, as a piece of a zone file.",
            "dns show lists.example.org"))
        {
            domain,
        };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new ShowDns(parse.GetValue(domain)!), Print, cancellationToken));
        return show;
    }

    private static Command Check()
    {
        var domain = new Argument<string?>("DOMAIN") { Description = "By default all domains.", Arity = ArgumentArity.ZeroOrOne };
        var copy = new Option<string?>("--copy") { Description = "A post's copy as somebody received it, in a file: says whether it is signed in the name of its From.", HelpName = "FILE" };
        var check = new Command("check", Shared.WithExamples(
            "Compares the records with DNS, and says of each fault why it is one and what to do. Ends with 1 where there are faults, with 75 where DNS could not be asked.",
            "dns check",
            "dns check lists.example.org --copy received.eml"))
        {
            domain, copy,
        };
        check.SetAction(async (parse, cancellationToken) =>
        {
            var file = parse.GetValue(copy);
            var message = file is null ? null : await MessageFile.ReadAsync(file, parse.InvocationConfiguration.Error, cancellationToken);
            return file is not null && message is null
                ? ExitCode.NotFound
                : await Shared.RunAsync(parse, new CheckDns(parse.GetValue(domain)) { Copy = message?.Octets.ToArray() }, Print, cancellationToken);
        });
        return check;
    }

    private static void Print(DomainPublication publication, TextWriter output)
    {
        output.Write(Shown.Text($"; What {publication.Domain} needs\n{publication.Zone}"));
        if (publication.StsPolicy is { } policy)
        {
            output.WriteLine(Shown.Line($"; to be served at {publication.StsPolicyAt}, with a certificate for that name:"));
            foreach (var line in policy.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                output.WriteLine(Shown.Line($";   {line}"));
            }
        }
    }

    private static int Print(DnsReport report, TextWriter output)
    {
        Print("this server", report.Server, output);
        foreach (var domain in report.Domains)
        {
            Print(domain.Domain, domain.Rows, output);
        }

        output.WriteLine(Shown.Line($"{report.Faults} faults, {report.Unasked} records that could not be asked for."));
        return report.Faults > 0 ? ExitCode.Failed : report.Unasked > 0 ? ExitCode.TryLater : ExitCode.Ok;
    }

    private static void Print(string title, IEnumerable<DnsRow> rows, TextWriter output)
    {
        output.WriteLine(Shown.Line($"{title}"));
        foreach (var row in rows)
        {
            output.WriteLine(Shown.Line($"  {Mark(row.State)} {row.Purpose,-14}{row.Name}"));
            if (row.Fault is not { } fault)
            {
                continue;
            }

            output.WriteLine(Shown.Line($"      why    {fault.Cause}"));
            foreach (var found in row.Found)
            {
                output.WriteLine(Shown.Line($"      found  {found}"));
            }

            output.WriteLine(Shown.Line($"      do     {fault.Cure}"));
            if (fault.Record is { } record)
            {
                output.WriteLine(Shown.Line($"             {record}"));
            }
        }
    }

    private static string Mark(DnsState state) => state switch
    {
        DnsState.Good => "✓ right ",
        DnsState.Advice => "! advice",
        DnsState.Fault => "✗ wrong ",
        _ => "○ unasked",
    };
}
