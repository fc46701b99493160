using System.Text;
using System.Text.RegularExpressions;
using ListServer.Lists.Membership;

namespace ListServer.Lists.Commands;

/// <summary>Reads one line as a command.</summary>
internal static partial class CommandLine
{
    private const int LongestText = 80;
    private const int MostArguments = 2;
    private static readonly char[] Blanks = [' ', '\t', '\u00a0', '\u3000'];

    /// <summary>The command in a line that is not empty. Only what can't mean anything else is one: "leave me alone" is unknown.</summary>
    /// <param name="line">One line.</param>
    /// <param name="list">The list it was sent to.</param>
    /// <param name="author">The address in From.</param>
    public static Command Read(string line, MailingList list, string author)
    {
        var text = line.Length <= LongestText ? line : line[..(LongestText - 1)] + "…";
        var words = NormalText.Of(line, NormalizationForm.FormKC).Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

        // fml's users write commands as "# help", in the days of one address for posts and commands.
        if (words is ["#", _, ..])
        {
            words = words[1..];
        }

        return words switch
        {
            [var word, var token] when Is(word, "confirm") => new Command.Confirm(text, token),
            [var word, .. var addresses] when Is(word, "chaddr") || Is(word, "move") => Move(text, addresses, author),
            [var word, .. var wishes] when Is(word, "set") => Set(text, Wishes(wishes, list)),
            [var word, .. var rest] when Is(word, "index") && Named(rest, list) is { Length: <= 1 } months => new Command.Index(text, months is [var month] ? month : null),
            [var word, .. var rest] when (Is(word, "get") || Is(word, "mget")) && Named(rest, list) is { Length: > 0 } names => new Command.Fetch(text, [.. names]),
            [var word, .. var wishes] when Is(word, "digest") && wishes.Length <= 1 => Set(text, [word.ToLowerInvariant(), .. Wishes(wishes, list)]),
            [var word, .. var arguments] when arguments.Length <= MostArguments && arguments.All(a => NamesNobodyElse(a, list, author)) => Word(word, text),
            _ => new Command.Unknown(text),
        };
    }

    // Behind the first spelling of each: Mailman's, Majordomo's, Sympa's and fml's.
    private static Command Word(string word, string text) => word.ToLowerInvariant() switch
    {
        "help" or "ヘルプ" => new Command.Help(text),
        "info" or "intro" or "guide" or "objective" => new Command.Info(text),
        "join" or "subscribe" or "sub" or "入会" => new Command.Join(text),
        "leave" or "unsubscribe" or "unsub" or "signoff" or "resign" or "bye" or "退会" => new Command.Leave(text),
        "show" or "options" or "status" => new Command.Show(text),
        "on" or "noskip" => new Command.Wish(text, new(DeliveryChoice.Regular)),
        "off" or "skip" or "nomail" => new Command.Wish(text, new(DeliveryChoice.NoMail)),
        "matome" => new Command.Wish(text, new(DeliveryChoice.MimeDigest)),
        "who" or "review" or "members" or "member" or "actives" or "active" => new Command.Who(text),
        "lists" => new Command.Lists(text),
        "which" => new Command.Which(text),
        _ => new Command.Unknown(text),
    };

    // fml's "chaddr OLD NEW"; the old one is the author's own.
    private static Command Move(string text, string[] addresses, string author) => addresses switch
    {
        [var old, var next] when Is(old, author) && MemberAddress.TryParse(next, out var to, out _) => new Command.Move(text, to!),
        [var next] when MemberAddress.TryParse(next, out var to, out _) => new Command.Move(text, to!),
        _ => new Command.Unknown(text),
    };

    private static Command Set(string text, string[] wishes) => wishes switch
    {
        [] or ["show"] => new Command.Show(text),
        _ => SetLine.Read(wishes) is { } preferences ? new Command.Wish(text, preferences) : new Command.BadWish(text),
    };

    // Sympa's and Majordomo's users name the list first.
    private static string[] Wishes(string[] words, MailingList list) => [.. Named(words, list).Select(word => word.ToLowerInvariant())];

    private static string[] Named(string[] words, MailingList list) =>
        words is [var first, ..] && (Is(first, list.LocalPart) || Is(first, list.Address)) ? words[1..] : words;

    /// <summary>True for the words behind which nothing is read.</summary>
    public static bool IsEnd(string line) => Is(line, "end") || Is(line, "stop") || Is(line, "quit") || Is(line, "exit");

    /// <summary>A subject without the marks that mail programs put before an answer's.</summary>
    public static string Bare(string subject) => AnswerMarks().Replace(subject, "").Trim(Blanks);

    // Majordomo's "subscribe LIST ADDRESS": the list is ours and the address the author's own, for nobody acts for somebody else.
    private static bool NamesNobodyElse(string argument, MailingList list, string author)
    {
        var name = argument.StartsWith("address=", StringComparison.OrdinalIgnoreCase) ? argument[8..] : argument;
        return Is(name, list.LocalPart) || Is(name, list.Address) || Is(name, author) || Is(name, $"<{author}>");
    }

    private static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\s*((re|aw|sv|vs|antw|fwd?|返信)\s*(\[\d+\]|\^\d+)?\s*[:：]\s*)+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex AnswerMarks();
}
