using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Tests.Outbound;

namespace ListServer.Tests.Hosting;

/// <summary>AUTH-37: hosts without 8BITMIME get a copy in ASCII that is signed and sealed as it leaves.</summary>
public sealed class SevenBitCopyTests
{
    private static readonly string[] Without = ["PIPELINING", "SIZE 10000000"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_strict_author_s_post_in_UTF_8_arrives_in_ASCII_and_verifies(bool isPersonal)
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Personalize = isPersonal }, peer: new Peer { Extensions = Without });
        await stage.SendAsync(ServerStage.SignedPost(subject: "Grüße", body: "Schöne Grüße from all of us at the coast\r\n"));
        var trace = await stage.SettledAsync();

        trace.Deliveries!.Delivered.ShouldBe(2);
        stage.Peer.Messages.Sum(m => m.Recipients.Count).ShouldBe(2);
        foreach (var copy in stage.Peer.Messages)
        {
            copy.Octets.ShouldAllBe(octet => octet < 128);
            copy.Mail.ShouldNotContain("8BITMIME");
            copy.Text.ShouldContain("Sch=C3=B6ne Gr=C3=BC=C3=9Fe from all of us at the coast\r\n");

            // The list changes nothing else, so the 8-bit copy keeps the author's From; this one can't.
            copy.Text.ShouldContain("<talk@lists.example>\r\n");
            copy.Text.ShouldContain("X-Original-From: Aiko Sato <aiko@strict.example>\r\n");
            var message = RawMessage.Parse(copy.Octets);
            var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] });
            (await new DkimVerifier(resolver).VerifyAsync(message, Cancel))[0].Verdict.ShouldBe(DkimVerdict.Pass);
            (await new ArcVerifier(resolver).VerifyAsync(message, Cancel)).Verdict.ShouldBe(ArcVerdict.Pass);
        }

        trace.Events.Count(e => e.Outcome == "7-bit copy").ShouldBe(1);
    }

    [Fact]
    public async Task A_list_that_never_rewrites_has_no_such_copy_for_a_strict_author()
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Mitigation = MitigationSetting.Never }, peer: new Peer { Extensions = Without });
        await stage.SendAsync(ServerStage.SignedPost(body: "Schöne Grüße\r\n"));
        var trace = await stage.SettledAsync();

        trace.Deliveries!.Refused.ShouldBe(2);
        stage.Peer.Messages.ShouldBeEmpty();
        trace.Events.ShouldContain(e => e.Detail.Contains("does not offer 8BITMIME: The author's policy is strict", StringComparison.Ordinal));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
