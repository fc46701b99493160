using System.Text.Json;
using ListServer.Commands;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>What people type, whether a server runs or not.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("listserver-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_domain_a_key_a_list_and_members_without_a_server()
    {
        var members = Path.Combine(_folder, "members.csv");
        await File.WriteAllTextAsync(members, "name,email\n\"Mori, Ken\",ken@example.com\nAiko,aiko@example.com\n", TestContext.Current.CancellationToken);

        (await RunAsync("domain", "add", "Lists.Example")).Output.ShouldStartWith("lists.example is here.");
        var key = JsonDocument.Parse((await RunAsync("key", "generate", "lists.example", "--selector", "s1", "--json")).Output).RootElement;
        key.GetProperty("name").GetString().ShouldBe("s1._domainkey.lists.example");
        key.GetProperty("privateKey").ValueKind.ShouldBe(JsonValueKind.Null);
        (await RunAsync("list", "create", "talk@lists.example", "--policy", "announce-only", "--mitigation", "wrap", "--prefix", "[t] ", "--personalize")).Code.ShouldBe(0);
        (await RunAsync("member", "import", "talk@lists.example", members)).Output.ShouldStartWith("2 added, 0 were members already");
        (await RunAsync("member", "add", "talk@lists.example", "ken@example.com", "--role", "owner")).Code.ShouldBe(0);
        (await RunAsync("member", "list", "talk@lists.example")).Output.ShouldContain("ken@example.com\towner\treceives\tMori, Ken");
        (await RunAsync("list", "set", "talk@lists.example", "--policy", "open")).Output.ShouldContain("policy        open");
        (await RunAsync("list", "show", "talk@lists.example")).Output.ShouldContain("mitigation    wrap");
        (await RunAsync("member", "remove", "talk@lists.example", "AIKO@example.com")).Code.ShouldBe(0);
        (await RunAsync("list", "remove", "talk@lists.example")).Code.ShouldBe(4);
        (await RunAsync("list", "remove", "talk@lists.example", "--yes")).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData(3, "There is no list", "list", "show", "none@lists.example")]
    [InlineData(3, "is not here. Add it first", "list", "create", "talk@nowhere.example")]
    [InlineData(2, "is not an address", "list", "create", "talk")]
    [InlineData(2, "one of open, members, moderated, announce-only", "list", "create", "talk@lists.example", "--policy", "bogus")]
    [InlineData(2, "is not a domain name", "domain", "add", "localhost")]
    [InlineData(3, "There is no held post", "held", "accept", "01JDF3W0Q7T3M3X9V4Y8Z6K2B1")]
    [InlineData(3, "There is no post", "trace", "nothing@here.example")]
    [InlineData(3, "can't be read", "member", "import", "talk@lists.example", "/nowhere.csv")]
    [InlineData(2, "Unrecognized", "frobnicate")]
    [InlineData(2, "There is no option 'Smpt:Listen'. Did you mean 'Smtp:Listen'?", "serve", "--set", "Smpt:Listen=127.0.0.1:1")]
    [InlineData(3, "can't be read", "verify", "--ip", "192.0.2.1", "/nowhere.eml")]
    [InlineData(2, "--ip takes an IP address", "verify", "--ip", "here", "/nowhere.eml")]
    public async Task What_can_t_be_done_is_told_in_words_with_an_exit_code(int code, string words, params string[] arguments)
    {
        var (exit, output) = await RunAsync(arguments);
        output.ShouldContain(words);
        exit.ShouldBe(code);
    }

    [Fact]
    public async Task Verify_explains_each_mechanism_in_words()
    {
        var message = Path.Combine(_folder, "post.eml");
        await File.WriteAllTextAsync(message, "From: a@example.org\r\n\r\nHi\r\n", TestContext.Current.CancellationToken);

        // Nobody answers at that port: the explanation tells of failures, too.
        var (code, output) = await RunAsync("verify", "--explain", "--dns", "127.0.0.1:1", "--ip", "192.0.2.1", "--mail-from", "a@example.org", message);

        code.ShouldBe(0);
        output.ShouldContain("spf    example.org: DNS failed");
        output.ShouldContain("arc    no ARC set");
        output.ShouldContain("dmarc  walk: _dmarc.example.org: ");
        output.ShouldContain("dns    TXT example.org: ");
    }

    [Fact]
    public async Task An_argument_that_begins_with_an_at_sign_is_no_file_of_arguments()
    {
        var arguments = Path.Combine(_folder, "arguments");
        await File.WriteAllTextAsync(arguments, "--help", TestContext.Current.CancellationToken);
        var message = Path.Combine(_folder, "route.eml");
        await File.WriteAllTextAsync(message, "From: a@example.org\r\n\r\nx\r\n", TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync("verify", "--dns", "127.0.0.1:1", "--ip", "192.0.2.1", "--mail-from", $"@{arguments}", message);

        code.ShouldBe(0);
        output.ShouldNotContain("Usage:");
    }

    [Fact]
    public async Task A_role_and_a_name_change_alone_and_a_mistyped_folder_is_not_made()
    {
        await RunAsync("domain", "add", "lists.example");
        await RunAsync("list", "create", "talk@lists.example");
        await RunAsync("member", "add", "talk@lists.example", "ken@example.com", "--role", "owner");
        (await RunAsync("member", "add", "talk@lists.example", "ken@example.com", "--no-mail")).Output.ShouldContain("as owner");
        (await RunAsync("member", "add", "talk@lists.example", "ken@example.com", "--no-mail", "--name", "Ken")).Code.ShouldBe(0);
        (await RunAsync("member", "add", "talk@lists.example", "ken@example.com", "--role", "7")).Code.ShouldBe(2);
        var latin = Path.Combine(_folder, "latin1.txt");
        await File.WriteAllBytesAsync(latin, "caf\u00e9@x.example"u8.ToArray()[..3].Append((byte)0xE9).ToArray(), TestContext.Current.CancellationToken);
        (await RunAsync("member", "import", "talk@lists.example", latin)).ShouldSatisfyAllConditions(run => run.Code.ShouldBe(2), run => run.Output.ShouldContain("iconv"));

        var typo = Path.Combine(_folder, "typo");
        (await RunInAsync(typo, "list", "show")).Output.ShouldContain("There is no data folder");
        Directory.Exists(typo).ShouldBeFalse();
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u001b[31mred\u0007", "a\\u001b[31mred\\u0007")]
    [InlineData("a\u202eb\nc\td", "a\\u202eb\nc\td")]
    [InlineData("\u0000\u007f\u009b\u2066\u2069\u200b\ufeff\u2028\u2029", "\\u0000\\u007f\\u009b\\u2066\\u2069\\u200b\\ufeff\\u2028\\u2029")]
    [InlineData("\U000e0041 \U0001f600 日本", "\\U000e0041 \U0001f600 日本")]
    public void Mail_never_speaks_to_the_terminal(string text, string shown) => Shown.Text(text).ShouldBe(shown);

    [Fact]
    public void A_lone_surrogate_is_shown_as_what_it_is_not() => Shown.Text("a\ud800b").ShouldBe("a\ufffdb");

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\r\nb\nc\rd\u0085e\u2028f\tg", "a⏎b⏎c⏎d⏎e⏎f\\u0009g")]
    [InlineData("\u001b[2J\u202e", "\\u001b[2J\\u202e")]
    public void What_stands_in_a_line_begins_no_other_line_or_column(string value, string shown) =>
        Shown.Line($"{value,-3}\t{7,3}{new DateTime(2026, 1, 2):yyyy}").ShouldBe($"{shown}\t  72026");

    [Fact]
    public async Task Verify_shows_the_control_characters_of_a_message()
    {
        var message = Path.Combine(_folder, "escape.eml");
        await File.WriteAllTextAsync(
            message,
            "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; i=a=E2=80=A8dns=E2=80=AEb@example.org; h=from; bh=AAAA; b=AAAA\r\nFrom: \"\u009b2J\"@example.org\r\n\r\nHi\r\n",
            TestContext.Current.CancellationToken);

        var (_, output) = await RunAsync("verify", "--explain", "--dns", "127.0.0.1:1", "--ip", "192.0.2.1", "--mail-from", "a@exa\u202emple.org", message);

        output.ShouldContain("for a⏎dns\\u202eb@example.org");
        output.ShouldContain("author (none): "); // AUTH-91: what nobody sees has no place in an address
        output.Any(c => c != '\n' && char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format).ShouldBeFalse(output);
    }

    [Fact]
    public async Task Held_posts_and_traces_show_the_control_characters_of_a_message()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.SendAsync(ServerStage.Post(subject: "=?utf-8?q?a=1B=5B2Jb=0Ac=C2=9B=E2=80=AEd?=", from: "x@elsewhere.example"), "x@elsewhere.example");
        var held = await stage.SettledAsync();
        foreach (var command in (string[][])[["held", "list"], ["held", "show", held.Post.Id], ["trace"], ["trace", held.Post.Id]])
        {
            var (_, output) = await RunInAsync(stage.Folder, command);
            output.ShouldContain("\\u202ed");
            output.ShouldNotContain("\u001b");
            output.ShouldNotContain("\u009b");
            output.ShouldNotContain("b\nc");
        }
    }

    [Fact]
    public async Task Every_command_has_help_with_examples()
    {
        foreach (var command in CommandTree.Build().Subcommands)
        {
            var (exit, output) = await RunAsync(command.Name, "--help");
            exit.ShouldBe(0);
            output.ShouldContain("Usage:");
        }

        (await RunAsync("list", "create", "--help")).Output.ShouldContain("listserver list create news@lists.example.org");
    }

    [Fact]
    public async Task A_running_server_is_asked_through_its_socket()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.SendAsync(ServerStage.Post(from: "x@elsewhere.example"), "x@elsewhere.example");
        var held = await stage.SettledAsync();

        (await RunInAsync(stage.Folder, "held", "list")).Output.ShouldContain(held.Post.Id);
        (await RunInAsync(stage.Folder, "held", "show", held.Post.Id)).Output.ShouldContain("Hello all");
        (await RunInAsync(stage.Folder, "member", "add", ServerStage.List, "not an address")).Code.ShouldBe(2);
        (await RunInAsync(stage.Folder, "held", "accept", held.Post.Id)).Code.ShouldBe(0);
        (await RunInAsync(stage.Folder, "held", "accept", held.Post.Id)).ShouldBe((1, $"The post {held.Post.Id} does not wait any more: it is accepted."), customMessage: null);
        await stage.TraceAsync(trace => trace.Deliveries is { Waiting: 0 });
        (await RunInAsync(stage.Folder, "trace", held.Post.Id)).Output.ShouldContain("at the command line");
        (await RunInAsync(stage.Folder, "queue")).Output.ShouldContain("0 recipients wait");
    }

    private Task<(int Code, string Output)> RunAsync(params string[] arguments) => RunInAsync(_folder, arguments);

    private static async Task<(int Code, string Output)> RunInAsync(string folder, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync([.. arguments, "--data", folder], output, output);
        return (code, output.ToString().TrimEnd());
    }
}
