using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ListServer.Admin;
using ListServer.Admin.Archiving;
using ListServer.Control;
using ListServer.Lists.Archiving;

namespace ListServer.Commands;

/// <summary>listserver archive import|export: mbox files, in parts that fit into memory.</summary>
internal static class MboxCommand
{
    private const int PartMessages = 500;
    private const int PartOctets = 8 << 20;

    private static readonly Argument<string> List = new("LIST") { Description = "The posting address, such as news@lists.example.org." };

    public static Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "An mbox file." };
        var quoting = SettingOptions.Choice<MboxQuoting>("--quoting", "How the file quotes lines that begin with From (mboxo, mboxrd, mboxcl, mboxcl2).");
        var import = new Command("import", Shared.WithExamples(
            "Brings an mbox file into an archive. What is there already, or was taken down, is left out.", "archive import talk@lists.example.org talk.mbox"))
        {
            List, file, quoting,
        };
        import.SetAction((parse, cancellationToken) => WithDeskAsync(
            parse, desk => ImportAsync(parse, desk, parse.GetValue(List)!, parse.GetValue(file)!, parse.GetValue(quoting) ?? MboxQuoting.Auto, cancellationToken), cancellationToken));
        return import;
    }

    public static Command Export()
    {
        var file = new Argument<string>("FILE") { Description = "The mbox file to write (mboxrd)." };
        var month = new Option<string?>("--month") { Description = "One month, such as 2026-11; all by default." };
        var export = new Command("export", Shared.WithExamples("Writes an archive into an mbox file.", "archive export talk@lists.example.org talk.mbox --month 2026-11"))
        {
            List, file, month,
        };
        export.SetAction(async (parse, cancellationToken) =>
        {
            DateOnly? wanted = null;
            if (parse.GetValue(month) is { } text)
            {
                if (!DateOnly.TryParseExact(text + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
                {
                    await parse.InvocationConfiguration.Error.WriteLineAsync(Shown.Line($"--month takes a month such as 2026-11; not '{text}'."));
                    return ExitCode.Usage;
                }

                wanted = first;
            }

            return await WithDeskAsync(parse, desk => ExportAsync(parse, desk, parse.GetValue(List)!, parse.GetValue(file)!, wanted, cancellationToken), cancellationToken);
        });
        return export;
    }

    private static async Task<int> ImportAsync(ParseResult parse, Desk desk, string list, string path, MboxQuoting quoting, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        var reader = new MboxReader(stream, quoting);
        var (part, octets, total) = (new List<MboxMessage>(), 0L, new ImportCount(list, 0, 0));
        foreach (var message in reader.Read())
        {
            part.Add(message);
            octets += message.Octets.Length;
            if (part.Count >= PartMessages || octets >= PartOctets)
            {
                (total, var refused) = await SendAsync(parse, desk, list, part, total, cancellationToken);
                if (refused != ExitCode.Ok)
                {
                    return refused;
                }

                (part, octets) = ([], 0);
            }
        }

        (var all, var exit) = await SendAsync(parse, desk, list, part, total, cancellationToken);
        if (exit != ExitCode.Ok)
        {
            return exit;
        }

        await TellAsync(parse, all, Shown.Line($"{all.Added} message(s) are new in the archive of {all.List}, {all.Known} were there or were taken down."));
        if (reader.LeftOut > 0)
        {
            await parse.InvocationConfiguration.Error.WriteLineAsync(Shown.Line($"{reader.LeftOut} message(s) of more than {MboxReader.MaxOctets >> 20} MB were left out."));
        }

        return reader.LeftOut > 0 ? ExitCode.PartlyDone : ExitCode.Ok;
    }

    private static async Task<(ImportCount Sum, int Exit)> SendAsync(ParseResult parse, Desk desk, string list, List<MboxMessage> part, ImportCount total, CancellationToken cancellationToken)
    {
        switch (await desk.RunAsync(new ImportArchive(list, part), cancellationToken))
        {
            case Outcome<ImportCount>.Done(var count):
                return (count with { Added = count.Added + total.Added, Known = count.Known + total.Known }, ExitCode.Ok);
            case Outcome<ImportCount>.Refused(var kind, var message):
                await parse.InvocationConfiguration.Error.WriteLineAsync(Shown.Text(message));
                return (total, ExitCode.Of(kind));
            default:
                throw new InvalidOperationException("An outcome is done or refused.");
        }
    }

    private static async Task<int> ExportAsync(ParseResult parse, Desk desk, string list, string path, DateOnly? month, CancellationToken cancellationToken)
    {
        FileStream? file = null;
        var (after, written) = ((long?)null, 0);
        do
        {
            switch (await desk.RunAsync(new ExportArchive(list, month, ArchiveReader.Operator, after), cancellationToken))
            {
                case Outcome<ExportPart>.Done(var part):
                    file ??= File.Create(path);
                    foreach (var message in part.Messages)
                    {
                        MboxWriter.Write(file, message.Entry, message.Octets);
                        written++;
                    }

                    after = part.Next;
                    break;
                case Outcome<ExportPart>.Refused(var kind, var words):
                    await parse.InvocationConfiguration.Error.WriteLineAsync(Shown.Text(words));
                    return ExitCode.Of(kind);
            }
        }
        while (after is not null);

        await file!.DisposeAsync();
        await TellAsync(parse, new ArchiveAnswer(list, written), Shown.Line($"{written} message(s) of {list} stand in {path}."));
        return ExitCode.Ok;
    }

    private static async Task<int> WithDeskAsync(ParseResult parse, Func<Desk, Task<int>> run, CancellationToken cancellationToken)
    {
        var error = parse.InvocationConfiguration.Error;
        await using var desk = await Desk.OpenAsync(parse.GetValue(Shared.Data)!, mayMake: false, error, cancellationToken);
        try
        {
            return desk is null ? ExitCode.TryLater : await run(desk);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(Shown.Text(problem.Message));
            return ExitCode.Failed;
        }
    }

    private static Task TellAsync<T>(ParseResult parse, T answer, string words) =>
        parse.InvocationConfiguration.Output.WriteLineAsync(parse.GetValue(Shared.Json) ? JsonSerializer.Serialize(answer, Wire.Pretty) : words);
}
