using System.Text;
using ListServer.Commands;

namespace ListServer.Tests.Archiving;

/// <summary>The archive from the command line, without a server: the store is opened for the moment.</summary>
public sealed class ArchiveCommandTests : IDisposable
{
    private const string List = "talk@lists.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("archive-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_mbox_file_goes_in_is_found_and_comes_out_again()
    {
        await MakeListAsync();
        var file = Write("in.mbox", "From ann@x.example Mon Mar  2 09:00:00 2009\nFrom: Ann <ann@x.example>\nSubject: 会議\nDate: nonsense\n\n>From here\n\n"
            + "From ben@x.example Tue Mar  3 09:00:00 2009\nFrom: ben@x.example\nSubject: Re: 会議\nMessage-ID: <b@x>\nDate: Tue, 3 Mar 2009 09:00:00 +0000\n\nyes\n\n");

        (await RunAsync("archive", "import", List, file)).ShouldBe((0, $"2 message(s) are new in the archive of {List}, 0 were there or were taken down.\n", ""));
        (await RunAsync("archive", "import", List, file)).Output.ShouldStartWith("0 message(s) are new");

        (await RunAsync("archive", "search", List, "会議", "from:ann")).Output.ShouldContain("\t2009-03-02 09:00\tAnn\t会議\n");
        (await RunAsync("archive", "list", List)).Output.Split('\t')[2].ShouldBe("2");
        (await RunAsync("archive", "show", List, "<b@x>")).Output.ShouldContain("\nyes\n");

        var copy = Path.Combine(_folder, "out.mbox");
        (await RunAsync("archive", "export", List, copy)).Exit.ShouldBe(0);
        var text = await File.ReadAllTextAsync(copy, TestContext.Current.CancellationToken);
        text.ShouldContain("\n\n>From here\n");
        text.ShouldContain("From ben@x.example Tue Mar 03 09:00:00 2009\n");
        (await RunAsync("archive", "export", List, copy, "--month", "2009-04")).Output.ShouldStartWith("0 message(s)");

        (await RunAsync("archive", "rebuild", List)).Output.ShouldBe($"The archive of {List} has 2 messages.\n");
        (await RunAsync("archive", "takedown", List, "--author", "ann@x.example")).Exit.ShouldBe(ExitCode.NeedsConfirmation);
        (await RunAsync("archive", "takedown", List, "--author", "ann@x.example", "--yes")).Exit.ShouldBe(0);
        (await RunAsync("archive", "import", List, file)).Output.ShouldStartWith("0 message(s) are new");
        (await RunAsync("archive", "search", List, "from:ann")).Output.ShouldBe("");
    }

    [Theory]
    [InlineData(3, "There is no list nobody@lists.example.", "archive", "list", "nobody@lists.example")]
    [InlineData(3, "The archive has no message <no@x>.", "archive", "show", List, "<no@x>")]
    [InlineData(3, "There is no list ../../etc.", "archive", "list", "../../etc")]
    [InlineData(2, "'soon' is no day.", "archive", "search", List, "after:soon")]
    [InlineData(2, "--month takes a month such as 2026-11", "archive", "export", List, "/dev/null", "--month", "2026")]
    [InlineData(1, "Could not find file", "archive", "import", List, "no-such-file.mbox")]
    [InlineData(2, "Name either a message", "archive", "takedown", List, "--yes")]
    public async Task What_can_t_be_done_is_told_with_its_exit_code(int exit, string words, params string[] arguments)
    {
        await MakeListAsync();

        var (actual, output, error) = await RunAsync(arguments);

        actual.ShouldBe(exit);
        output.ShouldBe("");
        error.ShouldContain(words);
    }

    [Fact]
    public async Task A_list_that_keeps_no_archive_says_how_to_switch_it_on()
    {
        await MakeListAsync("--archive", "off");

        (await RunAsync("archive", "list", List)).Error.ShouldBe($"{List} keeps no archive. Switch it on: listserver list set {List} --archive private\n");
    }

    private async Task MakeListAsync(params string[] settings)
    {
        (await RunAsync("domain", "add", "lists.example")).Exit.ShouldBe(0);
        (await RunAsync(["list", "create", List, .. settings])).Exit.ShouldBe(0);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var exit = await CommandTree.RunAsync([.. arguments, "--data", Path.Combine(_folder, "data")], output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
