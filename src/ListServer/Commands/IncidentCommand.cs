using System.CommandLine;
using ListServer.Admin.Incidents;
using ListServer.Lists.Bounces;

namespace ListServer.Commands;

/// <summary>listserver incident …</summary>
internal static class IncidentCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The incident's ID, as 'incident list' shows it." };

    public static Command Build() => new("incident", "Providers that refuse a list's posts for policy or as spam: no member's fault.") { Browse(), Show(), Close() };

    private static Command Browse()
    {
        var list = new Argument<string?>("LIST") { Description = "One list; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Those that ended within 90 days too." };
        var browse = new Command("list", "Names open incidents: where, why, how many copies, since when.") { list, all };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseIncidents(parse.GetValue(list), parse.GetValue(all)),
            (incidents, output) =>
            {
                foreach (var incident in incidents)
                {
                    output.WriteLine(Shown.Line(
                        $"{incident.Id}\t{incident.List}\t{incident.Destination}\t{ListCommand.Words(incident.Cause)}\t{incident.Count} refused\t{incident.FirstAt:yyyy-MM-dd HH:mm} to {incident.LastAt:yyyy-MM-dd HH:mm}\t{State(incident)}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static Command Show()
    {
        var show = new Command("show", "Shows an incident, the receiver's words, and what to do.") { Id };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new ShowIncident(parse.GetValue(Id)!), Print, cancellationToken));
        return show;
    }

    private static Command Close()
    {
        var close = new Command("close", "Ends an incident. By itself it ends with the next copy that is taken there.") { Id };
        close.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new CloseIncident(parse.GetValue(Id)!),
            (incident, output) => output.WriteLine(Shown.Line($"{incident.Id}: {State(incident)}")),
            cancellationToken));
        return close;
    }

    private static void Print(IncidentDetail detail, TextWriter output)
    {
        var incident = detail.Incident;
        output.WriteLine(Shown.Line($"list         {incident.List}"));
        output.WriteLine(Shown.Line($"destination  {incident.Destination}"));
        output.WriteLine(Shown.Line($"cause        {ListCommand.Words(incident.Cause)}"));
        output.WriteLine(Shown.Line($"author       {(incident.AuthorDomain.Length > 0 ? incident.AuthorDomain : "(not known)")}"));
        output.WriteLine(Shown.Line($"refused      {incident.Count} from {incident.FirstAt:yyyy-MM-dd HH:mm} to {incident.LastAt:yyyy-MM-dd HH:mm}"));
        output.WriteLine(Shown.Line($"said         {incident.Words}"));
        output.WriteLine(Shown.Line($"state        {State(incident)}"));
        output.WriteLine(Shown.Line($"owners       {(incident.ToldAt is { } told ? $"told {told:yyyy-MM-dd HH:mm}" : "not told yet")}"));
        output.WriteLine();
        output.WriteLine(Shown.Text(detail.Advice));
    }

    private static string State(Incident incident) =>
        incident.ClosedAt is { } at ? FormattableString.Invariant($"closed {at:yyyy-MM-dd HH:mm}: {incident.ClosedBy}") : "open";
}
