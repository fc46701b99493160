using System.CommandLine;
using ListServer.Admin.Strict;

namespace ListServer.Commands;

/// <summary>listserver strict …</summary>
internal static class StrictCommand
{
    private static readonly Argument<string> List = new("LIST") { Description = "The posting address." };
    private static readonly Argument<string> Domain = new("DOMAIN") { Description = "The domain in authors' addresses." };

    public static Command Build() => new("strict", "Authors' domains that a list takes for strict whatever they publish: From is rewritten where their signature does not survive.")
    {
        Browse(), Accept(), Remove(),
    };

    private static Command Browse()
    {
        var browse = new Command("list", "Names them, and those that refusals by providers suggest. Nothing follows from a suggestion by itself.") { List };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new BrowseStrictDomains(parse.GetValue(List)!), Print, cancellationToken));
        return browse;
    }

    private static Command Accept()
    {
        var accept = new Command("accept", Shared.WithExamples("Takes a domain for strict, suggested or not.", "strict accept talk@lists.example.org bank.example")) { List, Domain };
        accept.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new AcceptStrictDomain(parse.GetValue(List)!, parse.GetValue(Domain)!), Print, cancellationToken));
        return accept;
    }

    private static Command Remove()
    {
        var remove = new Command("remove", "Takes a domain for what it publishes again.") { List, Domain };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new DropStrictDomain(parse.GetValue(List)!, parse.GetValue(Domain)!), Print, cancellationToken));
        return remove;
    }

    private static void Print(StrictDomainsView view, TextWriter output)
    {
        foreach (var domain in view.OfServer)
        {
            output.WriteLine(Shown.Line($"{domain}\tstrict on all lists (Trust:AlwaysStrict)"));
        }

        foreach (var domain in view.OfList)
        {
            output.WriteLine(Shown.Line($"{domain}\tstrict on {view.List}"));
        }

        foreach (var proposal in view.Proposed)
        {
            output.WriteLine(Shown.Line(
                $"{proposal.Domain}\tsuggested: {proposal.Count} refused by {string.Join(", ", proposal.Destinations)}, last {proposal.LastAt:yyyy-MM-dd HH:mm}: {proposal.Words}"));
        }
    }
}
