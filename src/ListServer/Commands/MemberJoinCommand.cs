using System.CommandLine;
using ListServer.Admin.Membership;

namespace ListServer.Commands;

/// <summary>listserver member invite, requests, accept, refuse</summary>
internal static class MemberJoinCommand
{
    private static readonly Argument<string> List = new("LIST") { Description = "The posting address." };

    public static Command[] Build() => [Invite(), Requests(), Accept(), Refuse()];

    private static Command Invite()
    {
        var addresses = new Argument<string[]>("ADDRESS") { Arity = ArgumentArity.OneOrMore };
        var text = new Option<string>("--text") { Description = "Your own words in the invitation.", DefaultValueFactory = _ => "" };
        var invite = new Command("invite", Shared.WithExamples(
            "Invites addresses: who answers becomes a member, whatever the list's policy.", "member invite talk@lists.example.org ken@example.com --text 'Join us, Ken!'"))
        {
            List, addresses, text,
        };
        invite.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new InviteMembers(parse.GetValue(List)!, [.. parse.GetValue(addresses)!], parse.GetValue(text)!),
            (report, output) =>
            {
                Print(output, report.Invited, "is invited.");
                Print(output, report.AlreadyMembers, "is a member already.");
                Print(output, report.AskedEnough, "was written to often enough today; try again tomorrow.");
                return report.AskedEnough.Length > 0 ? ExitCode.PartlyDone : ExitCode.Ok;
            },
            cancellationToken));
        return invite;
    }

    private static void Print(TextWriter output, IEnumerable<string> addresses, string words)
    {
        foreach (var address in addresses)
        {
            output.WriteLine(Shown.Line($"{address} {words}"));
        }
    }

    private static Command Requests()
    {
        var list = new Argument<string?>("LIST") { Description = "One list; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var requests = new Command("requests", "Names those who want to join and wait for a moderator.") { list };
        requests.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseJoinRequests(parse.GetValue(list)),
            (waiting, output) =>
            {
                foreach (var request in waiting)
                {
                    output.WriteLine(Shown.Line($"{request.List}\t{request.Address}\t{request.RequestedAt:yyyy-MM-dd HH:mm}\t{request.Source}"));
                }
            },
            cancellationToken));
        return requests;
    }

    private static Command Accept()
    {
        var address = new Argument<string>("ADDRESS");
        var accept = new Command("accept", "Lets somebody join who waits for it, and welcomes them.") { List, address };
        accept.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new DecideJoin(parse.GetValue(List)!, parse.GetValue(address)!, JoinVerdict.Accept),
            (request, output) => output.WriteLine(Shown.Line($"{request.Address} is on {request.List} now.")),
            cancellationToken));
        return accept;
    }

    private static Command Refuse()
    {
        var address = new Argument<string>("ADDRESS");
        var reason = new Option<string>("--reason") { Description = "Told to them.", DefaultValueFactory = _ => "" };
        var ban = new Option<bool>("--ban") { Description = "Bans the address from the list instead; nobody is told, and the reason is for those who run the list." };
        var refuse = new Command("refuse", "Does not let somebody join who waits for it, and tells them.") { List, address, reason, ban };
        refuse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new DecideJoin(parse.GetValue(List)!, parse.GetValue(address)!, parse.GetValue(ban) ? JoinVerdict.Ban : JoinVerdict.Refuse, parse.GetValue(reason)!),
            (request, output) => output.WriteLine(Shown.Line($"{request.Address} may not join {request.List}.")),
            cancellationToken));
        return refuse;
    }
}
