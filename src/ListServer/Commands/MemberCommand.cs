using System.CommandLine;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Bounces;

namespace ListServer.Commands;

/// <summary>listserver member …</summary>
internal static class MemberCommand
{
    private static readonly Argument<string> List = new("LIST") { Description = "The posting address." };
    private static readonly Option<string> Wording = new("--wording")
    {
        Description = "What was agreed to, in the words that were shown: kept as evidence of consent.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => "",
    };

    public static Command Build()
    {
        var member = new Command("member", "Subscriptions.") { Add(), MemberSetCommand.Build(), Import(), MemberSyncCommand.Build(), Move(), Remove(), Enable(), Browse(), Show(), Lists(), Consent() };
        Array.ForEach(MemberJoinCommand.Build(), member.Add);
        return member;
    }

    private static Command Lists()
    {
        var address = new Argument<string>("ADDRESS");
        var lists = new Command("lists", Shared.WithExamples("Names the lists that an address is on.", "member lists ken@example.com")) { address };
        lists.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseSubscriptions(parse.GetValue(address)!),
            (subscriptions, output) =>
            {
                foreach (var subscription in subscriptions)
                {
                    output.WriteLine(Shown.Line($"{subscription.List}\t{MemberText.Delivery(subscription.Member)}"));
                }
            },
            cancellationToken));
        return lists;
    }

    private static Command Add()
    {
        var address = new Argument<string>("ADDRESS");
        var name = new Option<string>("--name") { Description = "The member's name.", DefaultValueFactory = _ => "" };
        var role = SettingOptions.Choice<MemberRole>("--role", "What the member may do.");
        var noMail = new Option<bool>("--no-mail") { Description = "The member does not receive posts." };
        var add = new Command("add", Shared.WithExamples("Subscribes an address, changes its role, or lets a suspended member receive again.", "member add talk@lists.example.org ken@example.com --role owner"))
        {
            List, address, name, role, noMail, Wording,
        };
        add.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new AddMember(parse.GetValue(List)!, parse.GetValue(address)!)
            {
                DisplayName = parse.GetValue(name)!,
                Role = parse.GetValue(role),
                IsReceiving = !parse.GetValue(noMail),
                Wording = parse.GetValue(Wording)!,
            },
            (member, output) => output.WriteLine(Shown.Line($"{member.Address} is on {member.List} as {ListCommand.Words(member.Role)}.")),
            cancellationToken));
        return add;
    }

    private static Command Import()
    {
        var file = MemberFileOption.Argument();
        var skipBad = new Option<bool>("--skip-bad") { Description = "Leave bad lines out and import the rest." };
        var import = new Command("import", Shared.WithExamples("Subscribes all addresses of a file.", "member import talk@lists.example.org members.csv"))
        {
            List, file, skipBad, Wording,
        };
        import.SetAction(async (parse, cancellationToken) =>
        {
            var (path, error) = (parse.GetValue(file)!, parse.InvocationConfiguration.Error);
            var (text, code) = await MemberFileOption.ReadAsync(path, error, cancellationToken);
            if (text is null)
            {
                return code;
            }

            return await Shared.RunAsync(
                parse,
                new ImportMembers(parse.GetValue(List)!, text, MemberFileOption.NameOf(path), parse.GetValue(skipBad), parse.GetValue(Wording)!),
                (report, output) =>
                {
                    output.WriteLine(Shown.Line($"{report.Added} added, {report.AlreadyMembers} were members already, {report.Bad.Count} bad lines left out"));
                    report.Bad.ToList().ForEach(bad => error.WriteLine(Shown.Line($"line {bad.Line}: {bad.Problem}")));
                    return report.Bad.Count > 0 ? ExitCode.PartlyDone : ExitCode.Ok;
                },
                cancellationToken);
        });
        return import;
    }

    private static Command Move()
    {
        var (address, to) = (new Argument<string>("ADDRESS"), new Argument<string>("NEW") { Description = "The address that takes its place." });
        var move = new Command("move", "Moves a subscription to another address, with its role and settings.") { List, address, to };
        move.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new MoveMember(parse.GetValue(List)!, parse.GetValue(address)!, parse.GetValue(to)!),
            (member, output) => output.WriteLine(Shown.Line($"{member.Address} is on {member.List} as {ListCommand.Words(member.Role)}.")),
            cancellationToken));
        return move;
    }

    private static Command Remove()
    {
        var address = new Argument<string>("ADDRESS");
        var remove = new Command("remove", "Ends a subscription; copies that still wait for it are not sent.") { List, address };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new RemoveMember(parse.GetValue(List)!, parse.GetValue(address)!),
            (member, output) => output.WriteLine(Shown.Line($"{member.Address} is no longer on {member.List}.")),
            cancellationToken));
        return remove;
    }

    private static Command Enable()
    {
        var address = new Argument<string>("ADDRESS");
        var enable = new Command("enable", "Lets a suspended member receive again; what came back so far is forgotten.") { List, address };
        enable.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new EnableMember(parse.GetValue(List)!, parse.GetValue(address)!),
            (member, output) => output.WriteLine(Shown.Line($"{member.Address} receives {member.List} again.")),
            cancellationToken));
        return enable;
    }

    private static Command Show()
    {
        var address = new Argument<string>("ADDRESS");
        var show = new Command("show", "Shows one member, and what came back from there.") { List, address };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ShowMember(parse.GetValue(List)!, parse.GetValue(address)!),
            (detail, output) =>
            {
                var (member, bounces, suspension) = detail;
                output.WriteLine(Shown.Line($"{member.Address}\t{ListCommand.Words(member.Role)}\t{MemberText.Delivery(member)}\t{member.DisplayName}"));
                output.WriteLine(Shown.Line($"since {member.JoinedAt:yyyy-MM-dd}, {member.Source}"));
                output.WriteLine(Shown.Line($"{MemberText.Copies(member)}"));
                if (suspension is not null)
                {
                    output.WriteLine(Shown.Line(
                        $"suspended: {suspension.Words}; {suspension.Probes} of {Suspension.MostProbes} probes sent{(suspension.ProbedAt is { } at ? FormattableString.Invariant($", the last on {at:yyyy-MM-dd}: {ListCommand.Words(suspension.Result)}") : "")}"));
                }
                else if (bounces is not null)
                {
                    output.WriteLine(Shown.Line(
                        $"came back: {bounces.Score} of {BounceScore.Threshold} until suspension, last on {bounces.LastAt:yyyy-MM-dd}: {bounces.Words}"));
                }
            },
            cancellationToken));
        return show;
    }

    private static Command Consent()
    {
        var address = new Argument<string>("ADDRESS");
        var consent = new Command("consent", "Shows when, how and to which words an address consented, though it may have left.") { List, address };
        consent.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseConsents(parse.GetValue(List)!, parse.GetValue(address)!),
            (consents, output) =>
            {
                foreach (var c in consents)
                {
                    var end = c.WithdrawnAt is { } at ? FormattableString.Invariant($" until {at:yyyy-MM-dd HH:mm:ss zzz}: {c.WithdrawnBy}") : "";
                    output.WriteLine(Shown.Text(FormattableString.Invariant($"{c.Address} since {c.GivenAt:yyyy-MM-dd HH:mm:ss zzz}{end}")));
                    output.WriteLine(Shown.Text($"  {c.Source}"));
                    output.WriteLine(Shown.Text(c.Wording.Length > 0 ? $"  agreed to: {c.Wording.TrimEnd().ReplaceLineEndings("\n    ")}" : "  wording not known"));
                }
            },
            cancellationToken));
        return consent;
    }

    private static Command Browse()
    {
        var after = new Option<string?>("--after") { Description = "Begin behind this address." };
        var limit = new Option<int>("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 1_000 };
        var browse = new Command("list", "Names a list's members, by address.") { List, after, limit };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseMembers(parse.GetValue(List)!, parse.GetValue(after), parse.GetValue(limit)),
            (members, output) =>
            {
                foreach (var member in members)
                {
                    output.WriteLine(Shown.Line($"{member.Address}\t{ListCommand.Words(member.Role)}\t{MemberText.Delivery(member)}\t{member.DisplayName}"));
                }
            },
            cancellationToken));
        return browse;
    }
}
