using System.Text.RegularExpressions;

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
        var words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [var word, var token] when Is(word, "confirm") => new Command.Confirm(text, token),
            [var word, .. var arguments] when arguments.Length <= MostArguments && arguments.All(a => NamesNobodyElse(a, list, author)) =>
                word.ToLowerInvariant() switch
                {
                    "help" => new Command.Help(text),
                    "info" => new Command.Info(text),
                    "join" or "subscribe" => new Command.Join(text),
                    "leave" or "unsubscribe" => new Command.Leave(text),
                    _ => new Command.Unknown(text),
                },
            _ => new Command.Unknown(text),
        };
    }

    /// <summary>True for the words behind which nothing is read.</summary>
    public static bool IsEnd(string line) => Is(line, "end") || Is(line, "stop") || Is(line, "quit");

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
