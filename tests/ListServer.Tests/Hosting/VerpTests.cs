using System.Text;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists.Bounces;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Tests.Outbound;

namespace ListServer.Tests.Hosting;

/// <summary>AUTH-54: a reverse-path for each member, without touching what is signed.</summary>
public sealed class VerpTests
{
    private static readonly string[] Members = ["aiko@strict.example", "ben@plain.example", "cora@plain.example", "dan@plain.example"];

    [Fact]
    public async Task Each_member_has_a_reverse_path_of_their_own_and_all_get_the_same_octets_with_one_signature()
    {
        await using var stage = await StartAsync(verp: true);
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();

        var copies = stage.Peer.Messages.ToList();
        copies.Select(copy => copy.Recipients.Single().Trim('<', '>')).ShouldBe(Members, ignoreOrder: true);
        foreach (var copy in copies)
        {
            copy.Octets.ShouldBe(copies[0].Octets);
            Token(stage, copy).Names(stage.Server.Store.Secret.Span, ServerStage.List, copy.Recipients.Single().Trim('<', '>')).ShouldBeTrue();
        }

        var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] });
        var signatures = await new DkimVerifier(resolver).VerifyAsync(RawMessage.Parse(copies[0].Octets), TestContext.Current.CancellationToken);
        signatures[0].Verdict.ShouldBe(DkimVerdict.Pass);

        // All of one destination go over one connection, transaction by transaction.
        stage.Peer.SessionCount.ShouldBeLessThan(copies.Count);
    }

    [Fact]
    public async Task What_comes_back_to_it_counts_against_that_member_alone()
    {
        await using var stage = await StartAsync(verp: true);
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();
        var path = stage.Peer.Messages.First(copy => copy.Recipients.Single() == "<cora@plain.example>").Mail.Split('<', '>')[1];

        (await stage.SendAsync(Report, "", path)).ShouldStartWith("250");

        stage.Server.Store.FindBounceScore(ServerStage.List, "cora@plain.example").ShouldNotBeNull().Score.ShouldBe(1);
        Members.Where(member => member != "cora@plain.example").ShouldAllBe(member => stage.Server.Store.FindBounceScore(ServerStage.List, member) == null);
    }

    [Fact]
    public async Task Without_it_recipients_share_transactions_and_one_reverse_path()
    {
        await using var stage = await StartAsync(verp: false);
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();

        stage.Peer.Messages.ShouldAllBe(copy => copy.Mail.StartsWith("<talk-bounces@lists.example>", StringComparison.Ordinal));
        stage.Peer.Messages.ShouldContain(copy => copy.Recipients.Count > 1);
    }

    private static byte[] Report => Encoding.ASCII.GetBytes("""
        From: <mailer-daemon@far.example>
        Subject: Undelivered
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.far.example

        Final-Recipient: rfc822; old@far.example
        Action: failed
        Status: 5.1.1

        --b--

        """.ReplaceLineEndings("\r\n"));

    private static VerpToken Token(ServerStage stage, Received copy)
    {
        var path = copy.Mail.Split('<', '>')[1];
        path.ShouldStartWith("talk-bounces+");
        VerpToken.TryRead(stage.Server.Store.Secret.Span, ServerStage.List, path.Split('+', '@')[1], TimeProvider.System.GetUtcNow(), out var token).ShouldBeTrue();
        return token;
    }

    private static async Task<ServerStage> StartAsync(bool verp)
    {
        var stage = await ServerStage.StartAsync(settings: new ListSettings { Verp = verp });
        await stage.DoAsync(new ImportMembers(ServerStage.List, "cora@plain.example\ndan@plain.example\n", "test"));
        return stage;
    }
}
