using System.Text;
using System.Text.Json;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Admin.Posts;
using ListServer.Commands;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>What would happen to a message, told before it is sent (issue 5, item 5; AUTH-70, 71, 74).</summary>
public sealed class PostTryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_copy_is_the_one_that_then_leaves_and_the_trial_leaves_no_trace()
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { SubjectPrefix = "[talk:%d] ", Footer = "-- \nThe list" });
        var message = ServerStage.SignedPost("Hello", "Hello all\r\n");
        var copyFile = Path.Combine(stage.Folder, "copy.eml");
        var spool = Files(stage);

        var (code, output) = await TryAsync(stage, message, "--ip", "127.0.0.1", "--helo", "client.example", "--mail-from", "aiko@strict.example", "--out", copyFile);

        code.ShouldBe(0, output);
        (await stage.DoAsync(new BrowsePosts(null, null))).ShouldBeEmpty();
        (stage.Server.Store.Queue.Count, stage.Peer.Messages.Count).ShouldBe((0, 0));
        Files(stage).ShouldBe(spool);

        await stage.SendAsync(message);
        await stage.SettledAsync();
        var (tried, left) = (RawMessage.Parse(await File.ReadAllBytesAsync(copyFile, Cancel)), RawMessage.Parse(stage.Peer.Messages.First().Octets));
        tried.Body.ToArray().ShouldBe(left.Body.ToArray());
        Encoding.UTF8.GetString(tried.Body.Span).ShouldBe("Hello all\r\n-- \r\nThe list\r\n");
        Stable(tried).ShouldBe(Stable(left));
        Stable(tried).ShouldContain("Subject: [talk:1] Hello\r\n");
        var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] });
        (await new DkimVerifier(resolver).VerifyAsync(tried, Cancel))[0].Verdict.ShouldBe(DkimVerdict.Pass);
        (await new ArcVerifier(resolver).VerifyAsync(tried, Cancel)).Verdict.ShouldBe(ArcVerdict.Pass);
    }

    [Fact]
    public async Task It_tells_each_stage_in_words_and_shows_the_difference()
    {
        await using var stage = await ServerStage.StartAsync();
        var (code, output) = await TryAsync(stage, ServerStage.SignedPost("Hello"), "--ip", "127.0.0.1");

        code.ShouldBe(0, output);
        output.ShouldContain("\n  spf=fail: ");
        output.ShouldContain("\n  dkim=pass: d=strict.example s=a1: ");
        output.ShouldContain("\nverdict      accept, reply 250 2.0.0\n");
        output.ShouldContain("\nrules        loop-list-id, loop-list-post, ");
        output.ShouldContain("\nmitigation   row 11, rewrite: The author's policy is strict, and the list's changes break their signature\n");
        output.ShouldContain("\n  Subject: Hello → [talk:1] Hello\n");
        output.ShouldContain("\n  Authentication-Results added: mx.lists.example; spf=fail ");
        output.ShouldContain("\nrecipients   2 at 2 destinations\n");
        output.ShouldContain(" octets, number 1, MAIL FROM <talk-bounces@lists.example>\n");
        output.ShouldContain("\n  spf=none: the address that copies leave from is not given (--sent-from)\n");
        output.ShouldContain("\n  a strict receiver: delivered: lists.example publishes no DMARC record\n");
        output.ShouldContain("\n--- as it came\n+++ as it would leave\n@@ -1,");
        output.ShouldContain("\n-Subject: Hello\n");
        output.ShouldContain("\n+Subject: [talk:1] Hello\n");
    }

    [Fact]
    public async Task AUTH_74_a_key_that_is_not_in_DNS_yet_is_seen_before_the_first_post()
    {
        await using var stage = await ServerStage.StartAsync(withKey: false);
        (await TryAsync(stage, ServerStage.SignedPost())).Output.ShouldContain("\ncopy         none would leave: lists.example has no key. ");
        await stage.DoAsync(new GenerateKey("lists.example", "s1") { UseNow = true });

        var (_, output) = await TryAsync(stage, ServerStage.SignedPost());

        output.ShouldContain("\n  a Gmail-like receiver: refused: neither SPF nor DKIM passes for any domain\n");
        stage.Dns.AddText("lists.example", "v=spf1 ip4:192.0.2.25 -all");
        output = (await TryAsync(stage, ServerStage.SignedPost(), "--sent-from", "192.0.2.25")).Output;
        output.ShouldContain("\n  a Gmail-like receiver: delivered: ");
    }

    [Fact]
    public async Task What_would_be_held_is_shown_as_a_moderator_would_let_it_leave_and_nobody_is_asked()
    {
        await using var stage = await ServerStage.StartAsync();
        var (code, output) = await TryAsync(stage, ServerStage.SignedPost(from: "Stranger <eve@strict.example>"), "--json");
        code.ShouldBe(0, output);
        var trial = JsonDocument.Parse(output).RootElement;
        trial.GetProperty("decision").GetProperty("verdict").GetString().ShouldBe("hold");
        trial.GetProperty("decision").GetProperty("reply").GetString().ShouldBe("250 2.0.0");
        trial.GetProperty("decision").GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("verdict").GetString() is not null)
            .GetProperty("rule").GetString().ShouldBe("nonmember");
        trial.GetProperty("copy").GetProperty("octets").ValueKind.ShouldBe(JsonValueKind.Null);
        trial.GetProperty("copy").GetProperty("forecasts").GetArrayLength().ShouldBe(3);
        (await stage.DoAsync(new BrowsePosts(null, null))).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_would_be_refused_has_no_copy_and_a_file_is_not_written()
    {
        await using var stage = await ServerStage.StartAsync();
        var copyFile = Path.Combine(stage.Folder, "copy.eml");
        var (code, output) = await TryAsync(stage, ServerStage.SignedPost(), "--mail-from", "", "--out", copyFile);
        code.ShouldBe(ExitCode.PartlyDone);
        output.ShouldContain("\nverdict      discard, reply 250 2.0.0: The message has no valid senders");
        output.ShouldContain($"No copy would leave: {copyFile} is not written.");
        File.Exists(copyFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_each_member_has_their_own_copy_the_first_member_s_is_shown()
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Personalize = true });
        var (_, output) = await TryAsync(stage, ServerStage.SignedPost());
        output.ShouldContain(", the one of ben@plain.example\n");
        output.ShouldContain("MAIL FROM <talk-bounces+");
        output.ShouldContain("\n  dkim=pass: d=lists.example s=s1: ");
        output.ShouldContain("\n  arc=pass: ");
    }

    [Theory]
    [InlineData(ExitCode.NotFound, "There is no list", "none@lists.example", "From: ken@plain.example\r\n\r\nHello\r\n")]
    [InlineData(ExitCode.Usage, "The message is empty.", ServerStage.List, "")]
    [InlineData(ExitCode.Usage, "This is no message", ServerStage.List, "\r\nHello\r\n")]
    [InlineData(ExitCode.Usage, "This is no message", ServerStage.List, "Hello all, how are you\r\n")]
    [InlineData(ExitCode.Usage, "550 5.6.0 Message holds a <LF> without <CR>", ServerStage.List, "From: ken@plain.example\r\n\r\nHello\n")]
    [InlineData(ExitCode.Usage, "'nonsense'", ServerStage.List, "From: ken@plain.example\r\n\r\nHello\r\n", "--mail-from", "nonsense")]
    [InlineData(ExitCode.Usage, "--ip takes an IP address", ServerStage.List, "From: ken@plain.example\r\n\r\nHello\r\n", "--ip", "nowhere")]
    [InlineData(ExitCode.Usage, "HELO is one name", ServerStage.List, "From: ken@plain.example\r\n\r\nHello\r\n", "--helo", "two names")]
    public async Task What_makes_no_sense_is_told(int code, string words, string list, string message, params string[] options)
    {
        await using var stage = await ServerStage.StartAsync();
        var tried = await TryAsync(stage, list, Encoding.UTF8.GetBytes(message), options);
        tried.Code.ShouldBe(code, tried.Output);
        tried.Output.ShouldContain(words);
    }

    [Fact]
    public async Task Limits_hold_and_without_a_server_nothing_is_known()
    {
        await using var stage = await ServerStage.StartAsync(options => options with { Smtp = options.Smtp with { MaxMessageOctets = 2_000 } });
        var large = await TryAsync(stage, ServerStage.Post(body: new string('x', 2_000) + "\r\n"));
        large.ShouldBe((ExitCode.Usage, "The server would not take it: 552 5.3.4 Message size exceeds the limit."));
        await stage.StopServerAsync();
        (await TryAsync(stage, ServerStage.Post())).Code.ShouldBe(ExitCode.TryLater);
        await stage.StartServerAsync();
    }

    /// <summary>The fields that do not tell the time, the client or the post's ID.</summary>
    private static string Stable(RawMessage copy) => string.Concat(copy.Fields
        .Where(field => !field.Name.StartsWith("ARC-", StringComparison.OrdinalIgnoreCase) && !field.Is("DKIM-Signature") && !field.Is("Received"))
        .Select(field => Encoding.UTF8.GetString(field.Octets.Span)));

    private static string[] Files(ServerStage stage) =>
        [.. Directory.EnumerateFiles(stage.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".eml", StringComparison.Ordinal)).Order()];

    private static Task<(int Code, string Output)> TryAsync(ServerStage stage, byte[] message, params string[] options) =>
        TryAsync(stage, ServerStage.List, message, options);

    private static async Task<(int Code, string Output)> TryAsync(ServerStage stage, string list, byte[] message, string[] options)
    {
        var path = Path.Combine(stage.Folder, "draft.eml");
        await File.WriteAllBytesAsync(path, message, Cancel);
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync(["post", "try", list, path, .. options, "--data", stage.Folder], output, output);
        return (code, output.ToString().TrimEnd());
    }
}
