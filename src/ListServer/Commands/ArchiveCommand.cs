using System.CommandLine;
using ListServer.Admin.Archiving;
using ListServer.Lists.Archiving;

namespace ListServer.Commands;

/// <summary>listserver archive …</summary>
internal static class ArchiveCommand
{
    private static readonly Argument<string> List = new("LIST") { Description = "The posting address, such as news@lists.example.org." };
    private static readonly Argument<string> Message = new("MESSAGE") { Description = "A message's name in the archive's addresses, its Message-ID, or the post's ID." };

    public static Command Build() => new("archive", "What lists keep of their posts.") { Threads(), Show(), Search(), MboxCommand.Export(), MboxCommand.Import(), TakeDown(), Rebuild() };

    private static Command Threads()
    {
        var limit = new Option<int>("--limit") { Description = "How many threads at the most.", DefaultValueFactory = _ => 50 };
        var list = new Command("list", "Names the threads of an archive, those with the latest messages first.") { List, limit };
        list.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseArchive(parse.GetValue(List)!, ArchiveReader.Operator, Limit: parse.GetValue(limit)),
            (page, output) =>
            {
                foreach (var thread in page.Threads)
                {
                    output.WriteLine(Shown.Line($"{thread.First.Hash}\t{thread.Last.Date:yyyy-MM-dd HH:mm}\t{thread.Messages}\t{thread.First.AuthorName}\t{thread.First.Subject}"));
                }
            },
            cancellationToken));
        return list;
    }

    private static Command Show()
    {
        var raw = new Option<bool>("--raw") { Description = "The message as it is kept, octet by octet." };
        var show = new Command("show", "Shows a message of an archive.") { List, Message, raw };
        show.SetAction((parse, cancellationToken) => parse.GetValue(raw)
            ? Shared.RunAsync(
                parse,
                new ShowOctets(parse.GetValue(List)!, parse.GetValue(Message)!, null, ArchiveReader.Operator),
                (file, output) => output.Write(Shown.Text(System.Text.Encoding.UTF8.GetString(file.Octets).ReplaceLineEndings("\n"))),
                cancellationToken)
            : Shared.RunAsync(parse, new ShowArchived(parse.GetValue(List)!, parse.GetValue(Message)!, ArchiveReader.Operator), (detail, output) => Print(detail.Message, output), cancellationToken));
        return show;
    }

    private static Command Search()
    {
        var words = new Argument<string[]>("WORDS")
        {
            Description = "Words, \"words in a row\", -without, from:, subject:, has:attachment, after:2026-01-31, before:2026-12.",
            Arity = ArgumentArity.OneOrMore,
        };
        var limit = new Option<int>("--limit") { Description = "How many messages at the most.", DefaultValueFactory = _ => 20 };
        var search = new Command("search", Shared.WithExamples(
            "Finds messages in an archive, the newest first.",
            "archive search talk@lists.example.org release from:aiko after:2026-01",
            "archive search talk@lists.example.org 会議 has:attachment"))
        {
            List, words, limit,
        };
        search.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new SearchArchive(parse.GetValue(List)!, string.Join(' ', parse.GetValue(words)!), ArchiveReader.Operator, Limit: parse.GetValue(limit)),
            (finds, output) =>
            {
                foreach (var entry in finds.Found)
                {
                    output.WriteLine(Shown.Line($"{entry.Hash}\t{entry.Date:yyyy-MM-dd HH:mm}\t{entry.AuthorName}\t{entry.Subject}"));
                }
            },
            cancellationToken));
        return search;
    }

    private static Command TakeDown()
    {
        var message = new Argument<string?>("MESSAGE") { Description = Message.Description, Arity = ArgumentArity.ZeroOrOne };
        var author = new Option<string?>("--author") { Description = "All messages of this address." };
        var yes = new Option<bool>("--yes") { Description = "Needed: what is taken down does not come back." };
        var takeDown = new Command("takedown", Shared.WithExamples(
            "Takes a message, or all of an author, out of an archive for good.",
            "archive takedown talk@lists.example.org 2MLBI6ZPZ3GLBWIYRZUQZTIGL2AWEFXC --yes",
            "archive takedown talk@lists.example.org --author ken@example.org --yes"))
        {
            List, message, author, yes,
        };
        takeDown.SetAction(async (parse, cancellationToken) =>
        {
            if (parse.GetValue(yes))
            {
                return await Shared.RunAsync(
                    parse,
                    new TakeDown(parse.GetValue(List)!, parse.GetValue(message), parse.GetValue(author)),
                    (answer, output) => output.WriteLine(Shown.Line($"{answer.Messages} message(s) are gone from the archive of {answer.List}.")),
                    cancellationToken);
            }

            await parse.InvocationConfiguration.Error.WriteLineAsync("What is taken down is overwritten and does not come back. Say --yes to do it.");
            return ExitCode.NeedsConfirmation;
        });
        return takeDown;
    }

    private static Command Rebuild()
    {
        var rebuild = new Command("rebuild", "Makes an archive's index anew from the messages it keeps.") { List };
        rebuild.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new RebuildArchive(parse.GetValue(List)!),
            (answer, output) => output.WriteLine(Shown.Line($"The archive of {answer.List} has {answer.Messages} messages.")),
            cancellationToken));
        return rebuild;
    }

    private static void Print(ReadMessage message, TextWriter output)
    {
        var entry = message.Entry;
        output.WriteLine(Shown.Line($"name      {entry.Hash}"));
        output.WriteLine(Shown.Line($"id        {entry.Id}"));
        output.WriteLine(Shown.Line($"from      {entry.AuthorName} <{entry.AuthorAddress}>"));
        output.WriteLine(Shown.Line($"date      {entry.Date:yyyy-MM-dd HH:mm} UTC"));
        output.WriteLine(Shown.Line($"subject   {entry.Subject}"));
        foreach (var attachment in message.View.Attachments)
        {
            output.WriteLine(Shown.Line($"attached  {attachment.Name} ({attachment.MediaType}, {attachment.Octets} octets)"));
        }

        output.WriteLine();
        output.WriteLine(Shown.Text(Words(message.View).ReplaceLineEndings("\n")));
    }

    private static string Words(MessageView view) => view switch
    {
        { Problem: { } problem } => problem,
        { Text.Length: > 0 } => view.Text,
        { Html.Length: > 0 } => "(The message is written in HTML; --raw shows it.)",
        _ => "",
    };
}
