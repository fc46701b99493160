using System.Text.Json;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Commands;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Store.Queue;
using ListServer.Tests.Hosting;
using ListServer.Tests.Outbound;

namespace ListServer.Tests.Commands;

/// <summary>Announcements from the command line to the members' provider (issue 4, item 5; ui.md, "Announce"; AUTH-81).</summary>
public sealed class AnnounceCommandTests
{
    private const string News = "Lists News <news@lists.example>";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_goes_the_way_of_a_post_that_was_accepted_signed_sealed_and_in_the_operator_s_name()
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Posting = PostingPolicy.AnnounceOnly, SubjectPrefix = "[news] " });
        var sent = await SendAsync(stage, ServerStage.Post("October", from: News));
        sent.GetProperty("state").GetString().ShouldBe("scheduled");

        var done = await UntilAsync(stage, Id(sent), a => a.GetProperty("state").GetString() == "done");
        (Number(done, "recipients"), Number(done, "delivered"), Number(done, "waiting")).ShouldBe((2, 2, 0));
        var copy = stage.Peer.Messages.First();
        copy.Text.ShouldContain("Subject: [news] October\r\n");
        copy.Text.ShouldContain($"From: {News}\r\n");
        copy.Text.ShouldContain("ARC-Seal: i=1;");
        copy.Text.ShouldNotContain("X-Author-Not-Verified");
        var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] });
        (await new DkimVerifier(resolver).VerifyAsync(RawMessage.Parse(copy.Octets), Cancel))[0].Verdict.ShouldBe(DkimVerdict.Pass);
        var trace = await stage.SettledAsync();
        trace.Post.ApprovedBy!.ShouldEndWith(" at the command line");
        trace.Events.Select(e => e.Stage).Distinct().ShouldBe(
            [TraceStage.Reception, TraceStage.Verification, TraceStage.Moderation, TraceStage.Cooking, TraceStage.Mitigation, TraceStage.Signing, TraceStage.Queue, TraceStage.Delivery], ignoreOrder: true);

        (await RunAsync(stage, "announce", "list", ServerStage.List)).Output.ShouldBe($"{Id(sent)}\t{ServerStage.List}\tdone\t2 of 2 delivered\tOctober");
        (await RunAsync(stage, "announce", "list", "none@lists.example")).Code.ShouldBe(ExitCode.NotFound);
        (await RunAsync(stage, "announce", "pause", Id(sent))).Code.ShouldBe(ExitCode.Failed);
        (await RunAsync(stage, "announce", "stop", Id(sent), "--yes")).Code.ShouldBe(ExitCode.Failed);
        (await RunAsync(stage, "announce", "show", "01JDF3W0Q7T3M3X9V4Y8Z6K2B1")).Code.ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task AUTH_70_a_stranger_s_name_is_not_vouched_for()
    {
        await using var stage = await ServerStage.StartAsync();
        await SendAsync(stage, ServerStage.Post("Hello", from: "Ben <ben@plain.example>"));
        await stage.SettledAsync();
        stage.Peer.Messages.First().Text.ShouldContain("X-Author-Not-Verified");
    }

    [Theory]
    [InlineData("does not hold exactly one valid address", "Subject: x\r\n\r\nHi\r\n")]
    [InlineData("already been posted to this list", "From: news@lists.example\r\nX-Loop: talk@lists.example\r\n\r\nHi\r\n")]
    public async Task What_would_never_be_distributed_is_not_taken(string words, string message)
    {
        await using var stage = await ServerStage.StartAsync();
        var (code, output) = await RunAsync(stage, "announce", "send", ServerStage.List, await FileAsync(stage, System.Text.Encoding.ASCII.GetBytes(message)));
        (code, output.Contains(words, StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true), output);
        stage.Server.Store.Posts(null, null, null, 10).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(stage.Folder, "spool"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_message_goes_once()
    {
        await using var stage = await ServerStage.StartAsync();
        var message = ServerStage.Post(from: News);
        await SendAsync(stage, message);
        (await RunAsync(stage, "announce", "send", ServerStage.List, await FileAsync(stage, message))).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(ExitCode.Failed), r => r.Output.ShouldContain("with this Message-ID went to"));
    }

    [Fact]
    public async Task It_waits_for_its_time_which_can_be_changed_and_a_stop_until_then_leaves_nothing()
    {
        await using var stage = await ServerStage.StartAsync();
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News), "--at", "2999-01-01T09:00", "--zone", "Asia/Tokyo"));
        (await RunAsync(stage, "announce", "show", id)).Output.ShouldContain("begins     2999-01-01 09:00:00 +09:00");
        (await RunAsync(stage, "queue")).Output.ShouldContain("not distributed yet: scheduled for 2999-01-01 09:00:00 +09:00");
        (await RunAsync(stage, "announce", "reschedule", id, "--at", "2001-01-01T00:00Z")).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync(stage, "announce", "reschedule", id, "--at", "2999-02-01T00:00Z")).Output.ShouldContain("begins     2999-02-01 00:00:00 +00:00");
        (await RunAsync(stage, "announce", "stop", id)).Code.ShouldBe(ExitCode.NeedsConfirmation);
        var (code, output) = await RunAsync(stage, "announce", "stop", id, "--yes");
        code.ShouldBe(0);
        output.ShouldContain("stopped: stopped by ");
        stage.Server.Store.FindPost(id)!.State.ShouldBe(PostState.Discarded);
        (await stage.TraceAsync(_ => true)).Events[^1].Outcome.ShouldBe("stopped");
        stage.Peer.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rescheduled_to_now_it_goes_at_once()
    {
        await using var stage = await ServerStage.StartAsync();
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News), "--undo", "8h"));
        (await RunAsync(stage, "announce", "reschedule", id, "--at", TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture))).Code.ShouldBe(0);
        await UntilAsync(stage, id, a => a.GetProperty("state").GetString() == "done");
    }

    [Fact]
    public async Task A_pause_holds_after_a_restart_and_who_leaves_meanwhile_gets_nothing()
    {
        await using var stage = await ServerStage.StartAsync();
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News), "--first", "1", "--then-on-resume"));
        await UntilAsync(stage, id, a => Number(a, "delivered") == 1);
        (await RunAsync(stage, "announce", "show", id)).Output.ShouldContain("1 get it first; 'listserver announce resume");
        (await RunAsync(stage, "announce", "pause", id)).Output.ShouldContain("paused: paused by ");
        await stage.StopServerAsync();
        await stage.StartServerAsync();
        (await UntilAsync(stage, id, _ => true)).GetProperty("state").GetString().ShouldBe("paused");

        // Of each destination in turn: plain.example comes before strict.example.
        stage.Peer.Messages.ShouldHaveSingleItem().Recipients.ShouldBe(["<ben@plain.example>"]);
        await stage.DoAsync(new RemoveMember(ServerStage.List, "aiko@strict.example"));
        (await RunAsync(stage, "announce", "resume", id)).Output.ShouldContain("sending");
        (await RunAsync(stage, "announce", "resume", id)).Code.ShouldBe(0);
        var done = await UntilAsync(stage, id, a => a.GetProperty("state").GetString() == "done");
        (Number(done, "delivered"), Number(done, "withdrawn"), Number(done, "refused"), Number(done, "recipients")).ShouldBe((1, 1, 0, 2));
        stage.Peer.Messages.Count.ShouldBe(1);
        (await stage.TraceAsync(_ => true)).Events.ShouldContain(e => e.Outcome == "withdrawn" && e.Detail.StartsWith("aiko@strict.example: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pause_takes_effect_between_copies_of_one_connection_and_a_stop_settles_the_rest()
    {
        using var reply = new SemaphoreSlim(0);
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Personalize = true });
        await stage.DoAsync(new ImportMembers(ServerStage.List, string.Concat(Enumerable.Range(0, 8).Select(i => $"m{i}@one.example\n")), "test"));
        stage.Peer.On = line =>
        {
            if (line == ".")
            {
                reply.Wait(Cancel);
            }

            return null;
        };
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News)));
        await DeliveryStage.UntilAsync(() => stage.Peer.Commands.Contains("."));
        (await RunAsync(stage, "announce", "pause", id)).Code.ShouldBe(0);
        reply.Release(100);
        await DeliveryStage.UntilAsync(() => stage.Server.Store.Queue.OfPost(id).All(g => !g.IsInFlight));
        var held = Tally(stage, id);
        held.Delivered.ShouldBeInRange(1, 6);
        held.Waiting.ShouldBe(10 - held.Delivered);
        stage.Peer.Messages.Count.ShouldBe(held.Delivered);

        (await RunAsync(stage, "announce", "stop", id, "--yes")).Code.ShouldBe(0);
        Tally(stage, id).ShouldBe(new PostTally(10, held.Delivered, 0, 0, 0, held.Waiting));
        stage.Server.Store.Queue.Count.ShouldBe(0);
        stage.Peer.Messages.Count.ShouldBe(held.Delivered);
    }

    [Fact]
    public async Task AUTH_81_who_leaves_while_others_get_their_copies_gets_none()
    {
        using var reply = new SemaphoreSlim(0);
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Personalize = true });
        await stage.DoAsync(new ImportMembers(ServerStage.List, string.Concat(Enumerable.Range(0, 8).Select(i => $"m{i}@one.example\n")), "test"));
        stage.Peer.On = line =>
        {
            if (line == ".")
            {
                reply.Wait(Cancel);
            }

            return null;
        };
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News)));
        await DeliveryStage.UntilAsync(() => stage.Peer.Commands.Any(line => line.StartsWith("RCPT TO:<m0@one.example>", StringComparison.Ordinal)));
        await stage.DoAsync(new RemoveMember(ServerStage.List, "m7@one.example"));
        reply.Release(100);
        var done = await UntilAsync(stage, id, a => a.GetProperty("state").GetString() == "done");
        (Number(done, "delivered"), Number(done, "withdrawn"), Number(done, "refused")).ShouldBe((9, 1, 0));
        stage.Peer.Messages.SelectMany(m => m.Recipients).ShouldNotContain("<m7@one.example>");
        (await stage.TraceAsync(_ => true)).Events.ShouldContain(e => e.Outcome == "withdrawn" && e.Detail.StartsWith("m7@one.example: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_operator_drops_is_no_refusal_and_stops_nothing()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.DoAsync(new ImportMembers(ServerStage.List, string.Concat(Enumerable.Range(0, 8).Select(i => $"m{i}@one.example\n")), "test"));
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News), "--first", "1", "--then-on-resume"));
        await UntilAsync(stage, id, a => Number(a, "delivered") == 1);
        (await RunAsync(stage, "queue")).Output.ShouldContain("\theld back, see 'announce list'");
        for (var i = 4; i < 8; i++)
        {
            (await RunAsync(stage, "queue", "drop", id, "--recipient", $"m{i}@one.example", "--yes")).Code.ShouldBe(0);
        }

        var left = await UntilAsync(stage, id, _ => true);
        (left.GetProperty("state").GetString(), Number(left, "refused"), Number(left, "stopped"), Number(left, "waiting")).ShouldBe(("sending", 0, 4, 5));
    }

    [Fact]
    public async Task It_stops_by_itself_when_too_many_refuse_and_tells_so()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.DoAsync(new ImportMembers(ServerStage.List, string.Concat(Enumerable.Range(0, 100).Select(i => $"m{i}@d{i % 10}.example\n")), "test"));
        await stage.DoAsync(new AddMember(ServerStage.List, "ken@boss.example") { Role = MemberRole.Owner, IsReceiving = false });
        stage.Peer.On = line => line.StartsWith("RCPT", StringComparison.Ordinal) && !line.Contains("ken@boss.example", StringComparison.Ordinal) ? "550 5.1.1 no such user" : null;
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News), "--first", "20", "--then-after", "8h"));
        var stopped = await UntilAsync(stage, id, a => a.GetProperty("state").GetString() == "stopped" && Number(a, "waiting") == 0);
        Number(stopped, "refused").ShouldBe(20);
        Number(stopped, "stopped").ShouldBe(82);
        stopped.GetProperty("reason").GetString()!.ShouldContain("were refused for good, which is more than 5 % of ");
        (await stage.TraceAsync(_ => true)).Events.ShouldContain(e => e.Outcome == "stopped" && e.Detail.StartsWith("82 recipients get no copy: ", StringComparison.Ordinal));
        (await RunAsync(stage, "announce", "resume", id)).Code.ShouldBe(ExitCode.Failed);

        // Who runs the list is told at once.
        await DeliveryStage.UntilAsync(() => stage.Peer.Messages.Any(m => m.Recipients.Contains("<ken@boss.example>")));
        stage.Peer.Messages.Single(m => m.Recipients.Contains("<ken@boss.example>")).Text.ShouldSatisfyAllConditions(
            text => text.ShouldContain("\r\nSubject: Your announcement to talk has stopped\r\n"),
            text => text.ShouldContain("\r\nAuto-Submitted: auto-generated\r\n"),
            text => text.ShouldContain($"\r\nlistserver trace {id}\r\n"),
            text => text.ReplaceLineEndings(" ").ShouldContain("were refused for good, which is more than 5 % of "));
    }

    [Fact]
    public async Task AUTH_83_what_the_law_asks_for_is_looked_for_before_anything_is_taken()
    {
        await using var stage = await ServerStage.StartAsync();
        (await RunAsync(stage, "list", "set", ServerStage.List, "--sender-name", "Example Ltd")).Code.ShouldBe(ExitCode.Usage);
        (await RunAsync(stage, "list", "set", ServerStage.List, "--sender-name", "Example Ltd", "--sender-address", "1 Main Street", "--sender-contact", "info@example.org"))
            .Output.ShouldContain("sender        Example Ltd, 1 Main Street, info@example.org");
        (await RunAsync(stage, "announce", "send", ServerStage.List, await FileAsync(stage, ServerStage.Post(from: News, body: "Example Ltd, info@example.org\r\n")))).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(ExitCode.Usage),
            r => r.Output.ShouldBe("An announcement to talk@lists.example has to show, in itself or in the list's footer: the sender's address, 1 Main Street (not in the text); how to leave, talk-leave@lists.example or talk-request@lists.example (not in the text)."));
        (await RunAsync(stage, "announce", "send", ServerStage.List, await FileAsync(stage, ServerStage.Post(from: News, body: "")))).ShouldBe((ExitCode.Usage, "The message has no body."));
        stage.Server.Store.Posts(null, null, null, 10).ShouldBeEmpty();
        await SendAsync(stage, ServerStage.Post(from: News, body: "Example Ltd, 1 Main Street, info@example.org, talk-leave@lists.example\r\n"));
    }

    [Fact]
    public async Task AUTH_53_AUTH_74_to_5000_members_each_copy_has_a_one_click_way_to_leave()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.DoAsync(new ImportMembers(ServerStage.List, string.Concat(Enumerable.Range(0, 4_998).Select(i => $"m{i}@one.example\n")), "test"));
        var message = ServerStage.Post(from: News);
        (await RunAsync(stage, "announce", "send", ServerStage.List, await FileAsync(stage, message), "--at", "2999-01-01T00:00Z")).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(ExitCode.Usage), r => r.Output.ShouldEndWith("'listserver list set talk@lists.example --personalize'."));
        (await RunAsync(stage, "list", "set", ServerStage.List, "--personalize")).Code.ShouldBe(0);
        await SendAsync(stage, message, "--at", "2999-01-01T00:00Z");
    }

    [Fact]
    public async Task AUTH_83_consent_is_shown_after_the_member_has_left()
    {
        await using var stage = await ServerStage.StartAsync();
        (await RunAsync(stage, "member", "add", ServerStage.List, "cho@plain.example", "--wording", "I want news.\nEach month.")).Code.ShouldBe(0);
        (await RunAsync(stage, "member", "remove", ServerStage.List, "cho@plain.example")).Code.ShouldBe(0);
        var (code, output) = await RunAsync(stage, "member", "consent", ServerStage.List, "cho@plain.example");
        code.ShouldBe(0);
        output.ShouldMatch(@"^cho@plain\.example since 20.. until 20.*: removed by .* at the command line\n  added by .* at the command line\n  agreed to: I want news\.\n    Each month\.$".Replace("20..", @"20\d\d-.*", StringComparison.Ordinal));
        (await RunAsync(stage, "member", "consent", ServerStage.List, "nobody@plain.example")).Code.ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task Stopped_just_before_a_crash_it_is_settled_at_the_next_start()
    {
        await using var stage = await ServerStage.StartAsync();
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News), "--first", "1", "--then-on-resume"));
        await UntilAsync(stage, id, a => Number(a, "delivered") == 1);
        await stage.StopServerAsync();
        await using (var store = Store.ListStore.Open(new Store.StoreOptions(stage.Folder), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance))
        {
            await store.CommitAsync(new Store.Changes.AnnouncementStopped(id, "stopped by ken"), Cancel);
        }

        await stage.StartServerAsync();
        var stopped = await UntilAsync(stage, id, a => Number(a, "waiting") == 0);
        (Number(stopped, "delivered"), Number(stopped, "stopped")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Without_a_server_nothing_can_be_sent_and_all_else_can_be_done()
    {
        await using var stage = await ServerStage.StartAsync();
        var id = Id(await SendAsync(stage, ServerStage.Post(from: News), "--at", "2999-01-01T00:00Z"));
        var file = await FileAsync(stage, ServerStage.Post(from: News));
        await stage.StopServerAsync();
        (await RunAsync(stage, "announce", "send", ServerStage.List, file)).Code.ShouldBe(ExitCode.TryLater);
        (await RunAsync(stage, "announce", "pause", id)).Code.ShouldBe(0);
        (await RunAsync(stage, "announce", "resume", id)).Output.ShouldContain("scheduled");
        (await RunAsync(stage, "announce", "stop", id, "--yes")).Code.ShouldBe(0);
        await stage.StartServerAsync();
    }

    [Theory]
    [InlineData("--at takes a time of ISO 8601", "--at", "tomorrow")]
    [InlineData("--at takes a time of ISO 8601", "--at", "2999-01-01T09:00")]
    [InlineData("There is no zone 'Mars/Base'", "--at", "2999-01-01T09:00", "--zone", "Mars/Base")]
    [InlineData("takes a time without an offset", "--at", "2999-01-01T09:00Z", "--zone", "Asia/Tokyo")]
    [InlineData("is no time in Europe/Berlin", "--at", "2027-03-28T02:30", "--zone", "Europe/Berlin")]
    [InlineData("is two times in Europe/Berlin", "--at", "2027-10-31T02:30", "--zone", "Europe/Berlin")]
    [InlineData("there is no --at", "--zone", "Asia/Tokyo")]
    [InlineData("--rate takes N/min or N/hour", "--rate", "0/min")]
    [InlineData("--rate takes N/min or N/hour", "--rate", "5/day")]
    [InlineData("--first goes with one of", "--first", "50")]
    [InlineData("--first goes with one of", "--then-after", "30m")]
    [InlineData("--first goes with one of", "--first", "50", "--then-after", "30m", "--then-on-resume")]
    [InlineData("--then-after takes a number and s, m or h", "--first", "50", "--then-after", "30")]
    [InlineData("--then-after takes a number and s, m or h", "--first", "50", "--then-after", "2000000000h")]
    [InlineData("--stop-at-refusals takes a share", "--stop-at-refusals", "0%")]
    [InlineData("--stop-at-refusals takes a share", "--stop-at-refusals", "5")]
    public async Task Options_that_make_no_sense_are_told(string words, params string[] options)
    {
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync(["announce", "send", ServerStage.List, "/nowhere.eml", .. options], output, output);
        (code, output.ToString().Contains(words, StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true), output.ToString());
    }

    [Fact]
    public async Task A_rate_that_outlives_the_copies_is_refused()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.DoAsync(new ImportMembers(ServerStage.List, string.Concat(Enumerable.Range(0, 100).Select(i => $"m{i}@one.example\n")), "test"));
        (await RunAsync(stage, "announce", "send", ServerStage.List, await FileAsync(stage, ServerStage.Post(from: News)), "--rate", "1/hour")).ShouldSatisfyAllConditions(
            r => r.Code.ShouldBe(ExitCode.Usage), r => r.Output.ShouldContain("To 102 members that would take longer than 4 days"));
        (await RunAsync(stage, "announce", "send", ServerStage.List, await FileAsync(stage, ServerStage.Post(from: News)), "--first", "1", "--then-after", "97h")).Code.ShouldBe(ExitCode.Usage);
    }

    private static PostTally Tally(ServerStage stage, string id)
    {
        var tally = stage.Server.Store.FindTally(id)!;
        stage.Server.Store.Queue.OfPost(id).Sum(g => g.Waiting).ShouldBe(tally.Waiting);
        return tally;
    }

    private static string Id(JsonElement announcement) => announcement.GetProperty("id").GetString()!;

    private static int Number(JsonElement announcement, string name) => announcement.GetProperty(name).GetInt32();

    private static async Task<JsonElement> SendAsync(ServerStage stage, byte[] message, params string[] options)
    {
        var (code, output) = await RunAsync(stage, ["announce", "send", ServerStage.List, await FileAsync(stage, message), "--json", .. options]);
        code.ShouldBe(0, output);
        return JsonDocument.Parse(output).RootElement;
    }

    private static async Task<string> FileAsync(ServerStage stage, byte[] message)
    {
        var path = Path.Combine(stage.Folder, "announcement.eml");
        await File.WriteAllBytesAsync(path, message, Cancel);
        return path;
    }

    /// <summary>Asks until an announcement stands so; what it says adds up each time.</summary>
    private static async Task<JsonElement> UntilAsync(ServerStage stage, string id, Predicate<JsonElement> isThere)
    {
        for (var i = 0; i < 1_000; i++)
        {
            var shown = JsonDocument.Parse((await RunAsync(stage, "announce", "show", id, "--json")).Output).RootElement;
            string[] parts = ["delivered", "refused", "expired", "withdrawn", "stopped", "waiting"];
            parts.Sum(part => Number(shown, part)).ShouldBe(Number(shown, "recipients"));
            if (isThere(shown))
            {
                return shown;
            }

            await Task.Delay(20, Cancel);
        }

        Assert.Fail($"The announcement did not come to stand so: {(await RunAsync(stage, "announce", "show", id)).Output}");
        return default;
    }

    private static async Task<(int Code, string Output)> RunAsync(ServerStage stage, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync([.. arguments, "--data", stage.Folder], output, output);
        return (code, output.ToString().TrimEnd());
    }
}
