using System.CommandLine;
using ListServer.Admin.Announcements;
using ListServer.Lists.Announcements;

namespace ListServer.Commands;

/// <summary>listserver announce draft …: an announcement that is written in parts, looked at and tested before it is sent.</summary>
internal static class AnnounceDraftCommand
{
    private static readonly Argument<string> List = new("LIST") { Description = "The posting address." };

    public static Command Build() => new("draft", Shared.WithExamples(
        "An announcement in the making: one for each person and list, the same that the pages show.",
        "announce draft save news@lists.example.org --subject 'October' --text october.txt",
        "announce draft preview news@lists.example.org",
        "announce draft test news@lists.example.org --to me@example.org",
        "announce draft send news@lists.example.org --undo 60s"))
    {
        Save(),
        Show(),
        Preview(),
        Test(),
        Send(),
        Drop(),
    };

    private static Command Save()
    {
        var subject = new Option<string>("--subject") { Description = "The subject.", Required = true };
        var text = FileOf("--text", "A file with the text.", isRequired: true);
        var html = FileOf("--html", "A file with the same as HTML.", isRequired: false);
        var from = new Option<string?>("--from") { Description = "In whose name it goes; the list's own by default.", HelpName = "ADDRESS" };
        var name = new Option<string>("--name") { Description = "The name beside the address; the list's by default.", DefaultValueFactory = _ => "" };
        var save = new Command("save", "Keeps a draft; the one before is replaced.") { List, subject, text, html, from, name };
        save.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new SaveDraft(
                parse.GetValue(List)!,
                parse.GetValue(from) ?? parse.GetValue(List)!,
                parse.GetValue(name)!,
                parse.GetValue(subject)!,
                File.ReadAllText(parse.GetValue(text)!.FullName),
                parse.GetValue(html) is { } file ? File.ReadAllText(file.FullName) : ""),
            Print,
            cancellationToken));
        return save;
    }

    private static Command Show()
    {
        var show = new Command("show", "Shows your draft.") { List };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new ShowDraft(parse.GetValue(List)!), Print, cancellationToken));
        return show;
    }

    private static Command Preview()
    {
        var reader = new Option<string?>("--as") { Description = "Whose copy, where each member has their own; the first member's by default.", HelpName = "ADDRESS" };
        var preview = new Command("preview", "Shows your draft as a member would get it, and what keeps it from being sent.") { List, reader };
        preview.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new PreviewDraft(parse.GetValue(List)!, parse.GetValue(reader)),
            (shown, output) =>
            {
                if (shown.Seen is { } seen)
                {
                    output.WriteLine(Shown.Line($"from       {seen.From}"));
                    output.WriteLine(Shown.Line($"subject    {seen.Subject}"));
                    output.WriteLine(Shown.Text(seen.Text));
                }

                output.WriteLine(Shown.Line($"recipients {shown.Trial.Recipients}"));
                output.WriteLine(Shown.Line($"{(shown.Problem is null ? "ready" : "not ready  ")}{shown.Problem}"));
                return shown.Problem is null ? ExitCode.Ok : ExitCode.Failed;
            },
            cancellationToken));
        return preview;
    }

    private static Command Test()
    {
        var to = new Option<string>("--to") { Description = "Who gets it.", HelpName = "ADDRESS", Required = true };
        var test = new Command("test", "Sends your draft to one address, exactly as a member would get it.") { List, to };
        test.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new TestDraft(parse.GetValue(List)!, parse.GetValue(to)!),
            (sent, output) => output.WriteLine(Shown.Line($"A test of {sent.Size} octets is on its way to {sent.To}.")),
            cancellationToken));
        return test;
    }

    private static Command Send()
    {
        var options = new PlanOptions();
        var send = new Command("send", "Sends your draft to the list. You stand for it, as if you had accepted a held post.") { List };
        options.AddTo(send);
        send.SetAction(async (parse, cancellationToken) =>
        {
            if (options.Read(parse, out var problem) is not { } plan)
            {
                await parse.InvocationConfiguration.Error.WriteLineAsync(problem);
                return ExitCode.Usage;
            }

            var list = parse.GetValue(List)!;
            return await Shared.RunAsync(parse, new SendDraft(list, plan, parse.GetValue(options.Undo) ?? TimeSpan.Zero), AnnounceCommand.Print, cancellationToken);
        });
        return send;
    }

    private static Command Drop()
    {
        var drop = new Command("drop", "Throws your draft away.") { List };
        drop.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new DropDraft(parse.GetValue(List)!), (draft, output) => output.WriteLine(Shown.Line($"The draft “{draft.Subject}” is gone.")), cancellationToken));
        return drop;
    }

    private static Option<FileInfo> FileOf(string name, string description, bool isRequired)
    {
        var file = new Option<FileInfo>(name) { Description = description, HelpName = "FILE", Required = isRequired };
        file.AcceptExistingOnly();
        return file;
    }

    private static void Print(AnnouncementDraft draft, TextWriter output)
    {
        output.WriteLine(Shown.Line($"from       {draft.Name} <{draft.From}>"));
        output.WriteLine(Shown.Line($"subject    {draft.Subject}"));
        output.WriteLine(Shown.Line($"saved      {draft.SavedAt:yyyy-MM-dd HH:mm:ss zzz}"));
        output.WriteLine(Shown.Text(draft.Text));
    }
}
