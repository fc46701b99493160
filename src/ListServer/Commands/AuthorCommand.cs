using System.CommandLine;
using ListServer.Admin.Authors;
using ListServer.Lists.Moderation;

namespace ListServer.Commands;

/// <summary>listserver author …</summary>
internal static class AuthorCommand
{
    private const string AsOthers = "as-others";
    private static readonly Argument<string> List = new("LIST") { Description = "The posting address, such as news@lists.example.org." };

    public static Command Build() => new("author", "What becomes of single authors' posts, members or not.") { Set(), Browse() };

    private static Command Set()
    {
        var address = new Argument<string>("ADDRESS") { Description = "The author's address, or *@DOMAIN for all of a domain." };
        var words = Enum.GetValues<AuthorAction>().ToDictionary(ListCommand.Words, value => (AuthorAction?)value, StringComparer.OrdinalIgnoreCase);
        words.Add(AsOthers, null);
        var action = new Argument<string>("ACTION") { Description = $"One of {string.Join(", ", words.Keys)}." };
        action.AcceptOnlyFromAmong([.. words.Keys]);
        var set = new Command("set", Shared.WithExamples(
            "Decides what becomes of an author's posts to a list.",
            "author set news@lists.example.org ann@example.com accept",
            "author set news@lists.example.org '*@example.net' hold"))
        {
            List,
            address,
            action,
        };
        set.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new SetAuthor(parse.GetValue(List)!, parse.GetValue(address)!, words[parse.GetValue(action)!]),
            (rule, output) => output.WriteLine(Shown.Line($"{rule.Address} on {rule.List}: {parse.GetValue(action)}")),
            cancellationToken));
        return set;
    }

    private static Command Browse()
    {
        var browse = new Command("list", "Names the authors about whom something was decided.") { List };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseAuthors(parse.GetValue(List)!),
            (rules, output) =>
            {
                foreach (var rule in rules)
                {
                    output.WriteLine(Shown.Line($"{rule.Address}\t{ListCommand.Words(rule.Action)}\t{rule.SetAt:yyyy-MM-dd HH:mm}\t{rule.SetBy}"));
                }
            },
            cancellationToken));
        return browse;
    }
}
