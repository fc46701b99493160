using System.CommandLine;
using ListServer.Admin.Domains;
using ListServer.Lists;

namespace ListServer.Commands;

/// <summary>listserver domain …</summary>
internal static class DomainCommand
{
    public static Command Build()
    {
        var name = new Argument<string>("DOMAIN") { Description = "A mail domain, such as lists.example.org." };
        var add = new Command("add", Shared.WithExamples("Takes a mail domain into the server's care.", "domain add lists.example.org")) { name };
        add.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new AddDomain(parse.GetValue(name)!),
            (domain, output) => output.WriteLine(Shown.Line(
                $"{domain.Name} is here. Next: listserver key generate {domain.Name} --selector s{TimeProvider.System.GetUtcNow():yyyyMM}")),
            cancellationToken));

        var show = new Command("show", "Names all domains and the DKIM selector that each signs with.");
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseDomains(),
            (domains, output) =>
            {
                foreach (var domain in domains)
                {
                    output.WriteLine(Shown.Line($"{domain.Name}\t{domain.Selector ?? "(no key)"}"));
                }
            },
            cancellationToken));

        return new Command("domain", "Mail domains.") { add, show, Set(name) };
    }

    private static Command Set(Argument<string> name)
    {
        var nothing = new Option<bool?>("--sends-nothing") { Description = "true for a domain that neither sends nor takes mail: it has no lists and no key, and its records are to say so." };
        var days = new Option<int?>("--rotate-days") { Description = $"How old its key gets before another one is made, up to {MailDomain.MostRotateDays} (the default); 0 for never." };
        var set = new Command("set", Shared.WithExamples("Changes what a domain is for.", "domain set old.example.org --sends-nothing true", "domain set lists.example.org --rotate-days 90"))
        {
            name, nothing, days,
        };
        set.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new SetDomain(parse.GetValue(name)!) { SendsNothing = parse.GetValue(nothing), RotateDays = parse.GetValue(days) },
            (domain, output) => output.WriteLine(Shown.Line(
                $"{domain.Name} {(domain.SendsNothing ? "neither sends nor takes mail. Publish that: listserver dns show" : "sends and takes mail: listserver dns show")} {domain.Name}")),
            cancellationToken));
        return set;
    }
}
