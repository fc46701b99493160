using System.CommandLine;
using ListServer.Admin.Bans;
using ListServer.Lists.Membership;

namespace ListServer.Commands;

/// <summary>listserver ban …</summary>
internal static class BanCommand
{
    private static readonly Argument<string> Pattern = new("PATTERN") { Description = "An address, a domain, or a pattern with * and ?, such as '*@*.example.com'." };
    private static readonly Option<string?> List = new("--list") { Description = "On one list, by its posting address; on all by default.", HelpName = "LIST" };

    public static Command Build() => new("ban", "Addresses that may neither join nor post.") { Add(), Remove(), Browse() };

    private static Command Add()
    {
        var reason = new Option<string>("--reason") { Description = "Why, for those who run the list.", DefaultValueFactory = _ => "" };
        var add = new Command("add", Shared.WithExamples(
            "Keeps addresses from joining and posting; who is a member stays one.", "ban add spam.example.com", "ban add 'ad??@*.example.net' --list talk@lists.example.org"))
        {
            Pattern, List, reason,
        };
        add.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new AddBan(parse.GetValue(Pattern)!, parse.GetValue(List), parse.GetValue(reason)!),
            (ban, output) => output.WriteLine(Shown.Line($"{ban.Pattern} is banned from {Where(ban)}.")),
            cancellationToken));
        return add;
    }

    private static Command Remove()
    {
        var remove = new Command("remove", "Lifts a ban.") { Pattern, List };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new RemoveBan(parse.GetValue(Pattern)!, parse.GetValue(List)),
            (ban, output) => output.WriteLine(Shown.Line($"{ban.Pattern} is no longer banned from {Where(ban)}.")),
            cancellationToken));
        return remove;
    }

    private static Command Browse()
    {
        var browse = new Command("list", "Names the bans on all lists and, with --list, those on one.") { List };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseBans(parse.GetValue(List)),
            (bans, output) =>
            {
                foreach (var ban in bans)
                {
                    output.WriteLine(Shown.Line($"{ban.Pattern}\t{Where(ban)}\t{ban.SetAt:yyyy-MM-dd HH:mm}\t{ban.SetBy}\t{ban.Reason}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static string Where(Ban ban) => ban.List.Length == 0 ? "all lists" : ban.List;
}
