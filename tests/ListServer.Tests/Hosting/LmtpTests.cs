using System.Net;
using System.Text;
using ListServer.Admin.Lists;
using ListServer.Configuration;
using ListServer.Lists;
using ListServer.MailAuth.Spf;

namespace ListServer.Tests.Hosting;

/// <summary>Behind an MTA: whose address SPF is about, and a reply for each recipient.</summary>
public sealed class LmtpTests
{
    private static readonly string FromOutside =
        "Received: from mail.plain.example (mail.plain.example [203.0.113.9])\r\n\tby mx.front.example (Postfix) with ESMTPS id 1\r\n\tfor <talk@lists.example>; Tue, 24 Nov 2026 06:00:00 +0000\r\n";

    [Theory]
    [InlineData(1, "", SpfVerdict.Fail, "203.0.113.9")]
    [InlineData(0, "", SpfVerdict.None, "127.0.0.1")]
    [InlineData(1, "mx.front.example", SpfVerdict.Pass, "203.0.113.9")]
    public async Task The_client_is_the_one_that_the_trusted_server_saw_and_its_SPF_result_counts_when_the_operator_says_so(
        int trustedReceived, string trustedAuthservId, SpfVerdict spf, string client)
    {
        await using var stage = await StartAsync(new LmtpOptions { TrustedReceived = trustedReceived, TrustedAuthservId = trustedAuthservId });
        using var dialogue = await OpenAsync(stage);
        await dialogue.SayAsync("LHLO mx.front.example", "MAIL FROM:<ben@plain.example>", $"RCPT TO:<{ServerStage.List}>");

        var message = "Authentication-Results: mx.front.example; spf=pass smtp.mailfrom=ben@plain.example\r\n" + FromOutside + Encoding.UTF8.GetString(ServerStage.Post());
        (await dialogue.SendAsync(Encoding.UTF8.GetBytes(message))).Single().ShouldStartWith("250");

        var post = (await stage.SettledAsync()).Post;
        post.Report.SpfMailFrom.Verdict.ShouldBe(spf);
        post.Envelope.ClientAddress.ShouldBe(client);
        post.State.ShouldBe(spf == SpfVerdict.Pass ? PostState.Distributed : PostState.Held);
    }

    [Fact]
    public async Task A_result_below_the_trusted_servers_own_field_is_the_sender_s_and_counts_for_nothing()
    {
        await using var stage = await StartAsync(new LmtpOptions { TrustedAuthservId = "mx.front.example" });
        using var dialogue = await OpenAsync(stage);
        await dialogue.SayAsync("LHLO mx.front.example", "MAIL FROM:<ben@plain.example>", $"RCPT TO:<{ServerStage.List}>");

        var forged = FromOutside + "Received: from a by b; x\r\nAuthentication-Results: mx.front.example; spf=pass smtp.mailfrom=ben@plain.example\r\n";
        await dialogue.SendAsync(Encoding.UTF8.GetBytes(forged + Encoding.UTF8.GetString(ServerStage.Post())));

        (await stage.SettledAsync()).Post.Report.SpfMailFrom.Verdict.ShouldBe(SpfVerdict.Fail);
    }

    [Fact]
    public async Task XFORWARD_from_a_trusted_proxy_names_the_client()
    {
        await using var stage = await StartAsync(new LmtpOptions(), IPNetwork.Parse("127.0.0.1/32"));
        using var dialogue = await OpenAsync(stage);
        await dialogue.SayAsync(
            "LHLO mx.front.example", "XFORWARD NAME=mail.plain.example ADDR=198.51.100.4 HELO=mail.plain.example", "MAIL FROM:<ben@plain.example>", $"RCPT TO:<{ServerStage.List}>");
        await dialogue.SendAsync(ServerStage.Post());

        (await stage.SettledAsync()).Post.Envelope.ClientAddress.ShouldBe("198.51.100.4");
    }

    [Fact]
    public async Task Each_recipient_gets_a_reply_of_its_own()
    {
        await using var stage = await StartAsync(new LmtpOptions { TrustedReceived = 0 });
        await stage.DoAsync(new CreateList("news@lists.example") { Settings = new ListSettings { Posting = PostingPolicy.AnnounceOnly } });
        using var dialogue = await OpenAsync(stage);
        await dialogue.SayAsync("LHLO mx.front.example", "MAIL FROM:<ben@plain.example>", "RCPT TO:<news@lists.example>", $"RCPT TO:<{ServerStage.List}>");

        var replies = await dialogue.SendAsync(ServerStage.Post(), replies: 2);

        replies[0].ShouldStartWith("550 5.7");
        replies[1].ShouldStartWith("250 2.0.0");
    }

    private static Task<ServerStage> StartAsync(LmtpOptions lmtp, params IPNetwork[] proxies)
    {
        var at = FreePort.Take();
        return ServerStage.StartAsync(options => options with
        {
            Lmtp = lmtp with { Listen = [at] },
            Smtp = options.Smtp with { TrustedProxies = [.. proxies] },
        });
    }

    private static Task<SmtpDialogue> OpenAsync(ServerStage stage) => SmtpDialogue.OpenAsync(stage.Change(new ServerOptions()).Lmtp.Listen[0]);
}
