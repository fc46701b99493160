using System.CommandLine;
using ListServer.Admin.Members;

namespace ListServer.Commands;

/// <summary>listserver member sync</summary>
internal static class MemberSyncCommand
{
    public static Command Build()
    {
        var list = new Argument<string>("LIST") { Description = "The posting address." };
        var file = MemberFileOption.Argument();
        var dryRun = new Option<bool>("--dry-run") { Description = "Change nothing, and show what would change." };
        var removeMany = new Option<bool>("--remove-many") { Description = "Needed to remove more than half of the members at once." };
        var wording = new Option<string>("--wording")
        {
            Description = "What the added agreed to, in the words that were shown: kept as evidence of consent.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        var sync = new Command("sync", Shared.WithExamples(
            "Makes a list's members those of a file, all of it or nothing; owners and moderators stay.",
            "member sync staff@lists.example.org staff.csv --dry-run",
            "member sync staff@lists.example.org - < staff.txt"))
        {
            list, file, dryRun, removeMany, wording,
        };
        sync.SetAction(async (parse, cancellationToken) =>
        {
            var path = parse.GetValue(file)!;
            var (text, code) = await MemberFileOption.ReadAsync(path, parse.InvocationConfiguration.Error, cancellationToken);
            return text is null
                ? code
                : await Shared.RunAsync(
                    parse,
                    new SyncMembers(
                        parse.GetValue(list)!, text, MemberFileOption.NameOf(path), parse.GetValue(dryRun), parse.GetValue(removeMany), parse.GetValue(wording)!),
                    Print,
                    cancellationToken);
        });
        return sync;
    }

    private static void Print(SyncReport report, TextWriter output)
    {
        foreach (var line in report.Removed.Select(address => $"- {address}").Concat(report.Added.Select(address => $"+ {address}")))
        {
            output.WriteLine(Shown.Line($"{line}"));
        }

        foreach (var address in report.Kept)
        {
            output.WriteLine(Shown.Line($"  {address} is not in the file, and stays: it runs the list or is one"));
        }

        output.WriteLine(Shown.Line(
            $"{report.Added.Length} {(report.IsDone ? "added" : "to add")}, {report.Removed.Length} {(report.IsDone ? "removed" : "to remove")}, {report.Unchanged} unchanged"));
    }
}
