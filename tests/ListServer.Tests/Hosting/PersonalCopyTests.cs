using System.Net;
using System.Text.RegularExpressions;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Configuration;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Tests.Hosting;

/// <summary>AUTH-47, AUTH-53, AUTH-54, SEC-27: a copy for each member with a reverse-path of its own, one seal for all, leaving by one click.</summary>
public sealed partial class PersonalCopyTests
{
    [Fact]
    public async Task Each_member_gets_a_leave_link_of_their_own_that_DKIM_covers_under_one_shared_seal()
    {
        await using var stage = await StartAsync("https://lists.example");
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();

        var copies = stage.Peer.Messages.ToList();
        copies.Count.ShouldBe(2);
        copies.ShouldAllBe(copy => OwnPath().IsMatch(copy.Mail));
        copies.Select(copy => OwnPath().Match(copy.Mail).Value).Distinct().Count().ShouldBe(2);
        copies.Select(copy => Link().Match(copy.Text).Value).Distinct().Count().ShouldBe(2);
        copies.Select(copy => RawMessage.Parse(copy.Octets).Fields[0].Octets.ToArray()).Distinct(new SameOctets()).Count().ShouldBe(1);
        foreach (var copy in copies)
        {
            copy.Text.ShouldContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
            var message = RawMessage.Parse(copy.Octets);
            var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] });
            (await new DkimVerifier(resolver).VerifyAsync(message, TestContext.Current.CancellationToken))[0].Verdict.ShouldBe(DkimVerdict.Pass);
            (await new ArcVerifier(resolver).VerifyAsync(message, TestContext.Current.CancellationToken)).Verdict.ShouldBe(ArcVerdict.Pass);
            var covered = HList().Match(message.Fields.Where(field => field.Is("DKIM-Signature")).Select(field => System.Text.Encoding.ASCII.GetString(field.Octets.Span)).First()).Value;
            covered.ShouldContain("list-unsubscribe:");
            covered.ShouldContain("list-unsubscribe-post");
        }
    }

    [Fact]
    public async Task GET_shows_a_button_and_POST_leaves_once_and_for_all()
    {
        await using var stage = await StartAsync("https://lists.example");
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();
        var copy = stage.Peer.Messages.First(message => message.Recipients[0].Contains("ben@", StringComparison.Ordinal));
        var path = new Uri(Link().Match(copy.Text).Value).AbsolutePath;
        using var client = new HttpClient { BaseAddress = stage.Server.WebAddress };

        (await client.GetStringAsync(path, TestContext.Current.CancellationToken)).ShouldContain($"<form method=\"post\" action=\"{path}\">");
        (await stage.DoAsync(new BrowseMembers(ServerStage.List))).Count.ShouldBe(2);
        for (var i = 0; i < 2; i++)
        {
            using var response = await client.PostAsync(path, new StringContent("List-Unsubscribe=One-Click"), TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("You have left");
        }

        (await stage.DoAsync(new BrowseMembers(ServerStage.List))).Single().Address.ShouldBe("aiko@strict.example");
        using var wrong = await client.PostAsync(path[..^1], null, TestContext.Current.CancellationToken);
        wrong.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_an_HTTPS_address_of_our_own_there_is_the_leave_address_alone()
    {
        await using var stage = await StartAsync("");
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();

        stage.Peer.Messages.First().Text.ShouldContain("List-Unsubscribe: <mailto:talk-leave@lists.example>\r\n");
        stage.Peer.Messages.First().Text.ShouldNotContain("List-Unsubscribe-Post");
    }

    private static Task<ServerStage> StartAsync(string baseUrl) => ServerStage.StartAsync(
        options => options with { Web = new WebOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)], BaseUrl = baseUrl } },
        new ListSettings { Personalize = true, SubjectPrefix = "[talk] " });

    [GeneratedRegex("https://lists\\.example/u/[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    [GeneratedRegex("^<talk-bounces\\+[a-z2-7]{29}@lists\\.example>")]
    private static partial Regex OwnPath();

    [GeneratedRegex("h=[^;]+;", RegexOptions.Singleline)]
    private static partial Regex HList();

    private sealed class SameOctets : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => obj.Length;
    }
}
