using System.Net;
using System.Text;
using ListServer.Admin.Accounts;
using ListServer.Admin.Consents;
using ListServer.Admin.Lists;
using ListServer.Admin.Posts;
using ListServer.Configuration;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Consents;
using ListServer.Store;

namespace ListServer.Tests.Hosting;

/// <summary>For each bad input a clear answer, and nothing kept.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("nobody@lists.example", "550 5.1.1")]
    [InlineData("talk-bogus@lists.example", "550 5.1.1")]
    [InlineData("somebody@elsewhere.example", "550 5.7.1")]
    [InlineData("talk%elsewhere.example@lists.example", "550 5.1.1")]
    public async Task An_unknown_recipient_is_refused_at_RCPT(string recipient, string reply)
    {
        await using var stage = await ServerStage.StartAsync();
        (await stage.SendAsync(ServerStage.SignedPost(), recipients: recipient)).ShouldStartWith(reply);
        (await stage.DoAsync(new BrowsePosts(null, null))).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_one_author_is_no_MIME_or_too_large_is_refused_with_the_reason()
    {
        await using var stage = await ServerStage.StartAsync(options => options with { Smtp = options.Smtp with { MaxMessageOctets = 100_000 } });
        var twoAuthors = ServerStage.Post(from: "a@plain.example\r\nFrom: b@plain.example");
        var deep = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n")));

        (await stage.SendAsync(twoAuthors)).ShouldStartWith("550 5.7.1");
        (await stage.SendAsync([.. "From: a@plain.example\r\n"u8, .. deep])).ShouldStartWith("550 5.6.0");
        (await stage.SendAsync(ServerStage.Post(body: string.Concat(Enumerable.Repeat("0123456789\r\n", 10_000))))).ShouldContain("5.3.4");
        (await stage.DoAsync(new BrowsePosts(null, PostState.Held))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_DNS_the_client_is_asked_to_come_again_and_nothing_is_kept()
    {
        await using var stage = await ServerStage.StartAsync(options => options with
        {
            Dns = new DnsOptions { Servers = [new IPEndPoint(IPAddress.Loopback, 1)], Timeout = TimeSpan.FromMilliseconds(200) },
        });

        (await stage.SendAsync(ServerStage.SignedPost())).ShouldStartWith("451 4.7");
        (await stage.DoAsync(new BrowsePosts(null, null))).ShouldBeEmpty();
        Directory.EnumerateFiles(Path.Combine(stage.Folder, "spool"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory] // AUTH-84: consent of the list, or of its domain
    [InlineData(ServerStage.List)]
    [InlineData("lists.example")]
    public async Task What_is_forged_is_refused_only_while_there_is_consent_and_held_otherwise(string scope)
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { RejectForgedStrict = true });
        byte[] Forged() => ServerStage.Post(from: "aiko@strict.example");

        (await stage.SendAsync(Forged())).ShouldStartWith("250 2.0.0 Held");
        await stage.DoAsync(new GiveDmarcConsent(scope, ConsentPurpose.Filtering, "en", ConsentWording.Version, "command line"));
        (await stage.SendAsync(Forged())).ShouldStartWith("550 5.7.1 DMARC");
        await stage.DoAsync(new WithdrawDmarcConsent(scope, ConsentPurpose.Filtering));
        (await stage.SendAsync(Forged())).ShouldStartWith("250 2.0.0 Held");
        (await stage.DoAsync(new BrowsePosts(null, PostState.Held))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_nearly_full_disk_is_told_at_MAIL()
    {
        await using var stage = await ServerStage.StartAsync(options => options with { Smtp = options.Smtp with { MaxMessageOctets = 1_000_000_000 } });
        var free = new DriveInfo(stage.Folder).AvailableFreeSpace;
        if (free < 1_500_000_000)
        {
            (await stage.SendAsync(ServerStage.SignedPost())).ShouldStartWith("452 4.3.1");
        }
        else
        {
            (await stage.SendAsync(ServerStage.SignedPost())).ShouldStartWith("250");
        }
    }

    [Fact]
    public async Task A_key_that_can_t_be_read_keeps_posts_waiting_and_says_so()
    {
        await using var stage = await ServerStage.StartAsync();
        var key = Directory.EnumerateFiles(Path.Combine(stage.Folder, "keys"), "*.pem", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(key, "no key", TestContext.Current.CancellationToken);

        (await stage.SendAsync(ServerStage.SignedPost())).ShouldStartWith("250");

        var trace = await stage.TraceAsync(trace => trace.Events.Any(line => line.Outcome == "waits"));
        trace.Post.State.ShouldBe(PostState.Accepted);
        trace.Events[^1].Detail.ShouldContain("can't be read");
    }

    [Fact]
    public async Task A_taken_port_and_a_data_folder_in_use_are_told_at_start()
    {
        await using var stage = await ServerStage.StartAsync();
        var taken = stage.Server.SmtpEndPoints[0];
        var options = new ServerOptions { HostName = "mx.lists.example", Smtp = new SmtpOptions { Listen = [taken] }, Web = new WebOptions { Listen = [] } };
        var other = Directory.CreateTempSubdirectory("listserver-test-").FullName;

        (await Should.ThrowAsync<ServerStartException>(() => StartAsync(other, options))).Message.ShouldContain($"Smtp:Listen={taken}");
        (await Should.ThrowAsync<StoreInUseException>(() => StartAsync(stage.Folder, options))).Message.ShouldContain("in use");
        (await Should.ThrowAsync<ServerStartException>(() => StartAsync(other, options with { Smtp = new SmtpOptions { Listen = [], Certificate = "/nowhere.pem" } })))
            .Message.ShouldContain("Smtp:Certificate");
        (await Should.ThrowAsync<ServerStartException>(() => StartAsync(other, options with { HostName = "Not a name" }))).Message.ShouldContain("HostName");
        Directory.Delete(other, recursive: true);
    }

    [Fact]
    public async Task An_account_writes_under_its_own_addresses_only_and_only_over_TLS()
    {
        var at = FreePort.Take();
        await using var stage = await ServerStage.StartAsync(options => options with { Submission = new SubmissionOptions { Listen = [at] } });
        await stage.DoAsync(new AddAccount("aiko", "correct horse battery", ["aiko@strict.example"]));
        using var dialogue = await SmtpDialogue.OpenAsync(at);
        (await dialogue.SayAsync("EHLO client.example")).ShouldNotContain("AUTH");
        await dialogue.StartTlsAsync();
        (await dialogue.SayAsync("EHLO client.example")).ShouldContain("AUTH PLAIN LOGIN");
        (await dialogue.SayAsync("AUTH PLAIN " + Plain("aiko", "wrong"))).ShouldStartWith("535");
        (await dialogue.SayAsync("AUTH PLAIN " + Plain("aiko", "correct horse battery"))).ShouldStartWith("235");

        await dialogue.SayAsync("MAIL FROM:<aiko@strict.example>", $"RCPT TO:<{ServerStage.List}>");
        (await dialogue.SendAsync(ServerStage.Post(from: "ben@plain.example"))).Single().ShouldStartWith("550 5.7.1");
        await dialogue.SayAsync("MAIL FROM:<aiko@strict.example>", $"RCPT TO:<{ServerStage.List}>");
        (await dialogue.SendAsync(ServerStage.Post(from: "aiko@strict.example"))).Single().ShouldStartWith("250 2.0.0 Accepted");
    }

    private static string Plain(string name, string password) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"));

    private static Task<Server> StartAsync(string folder, ServerOptions options) => Server.StartAsync(
        folder, options, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System, TestContext.Current.CancellationToken);
}
