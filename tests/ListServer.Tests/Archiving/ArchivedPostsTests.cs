using System.Diagnostics;
using System.Text;
using ListServer.Admin.Archiving;
using ListServer.Admin.Lists;
using ListServer.Lists.Archiving;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Archiving;

/// <summary>Distributed posts come into the archive as their authors wrote them.</summary>
public sealed class ArchivedPostsTests
{
    [Fact]
    public async Task A_post_is_found_within_two_seconds_of_being_distributed_as_its_author_wrote_it()
    {
        await using var stage = await ServerStage.StartAsync(
            options => options with { Web = options.Web with { BaseUrl = "https://lists.example/" } },
            new ListSettings { SubjectPrefix = "[talk:%d]", Footer = "the footer", Archive = ArchiveAccess.Public });
        (await stage.SendAsync(ServerStage.SignedPost("会議の予定", "quartz\r\n", id: "q1"))).ShouldStartWith("250");
        await stage.SettledAsync();

        var watch = Stopwatch.StartNew();
        ArchiveFinds finds;
        while ((finds = await stage.DoAsync(new SearchArchive(ServerStage.List, "会議 quartz", ArchiveReader.Public))).Found.Count == 0)
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var kept = Encoding.UTF8.GetString((await stage.DoAsync(new ShowOctets(ServerStage.List, "<q1@client.example>", null, ArchiveReader.Public))).Octets);
        kept.ShouldContain("From: Aiko Sato <aiko@strict.example>\r\n");
        kept.ShouldContain("Subject: 会議の予定\r\n");
        kept.ShouldNotContain("the footer");
        var link = $"Archived-At: <https://lists.example/l/talk@lists.example/m/{MessageIdHash.Of("q1@client.example")}>\r\n";
        kept.ShouldContain(link);

        // RFC 5064, RFC 2369 §3.6: members find it by the same address.
        var copy = Encoding.UTF8.GetString(stage.Peer.Messages.First().Octets);
        copy.ReplaceLineEndings("\r\n").ShouldContain(link);
        copy.ShouldContain("List-Archive: <https://lists.example/l/talk@lists.example/archive>");
    }

    [Fact]
    public async Task A_private_archive_is_shown_to_the_operator_only_and_leaves_no_link_in_copies()
    {
        await using var stage = await ServerStage.StartAsync(options => options with { Web = options.Web with { BaseUrl = "https://lists.example/" } });
        await stage.SendAsync(ServerStage.SignedPost("quartz"));
        await stage.SettledAsync();

        await ServerStage.UntilAsync(async () => (await stage.DoAsync(new SearchArchive(ServerStage.List, "quartz", ArchiveReader.Operator))).Found.Count == 1);
        (await stage.Server.Desk.RunAsync(new SearchArchive(ServerStage.List, "quartz", ArchiveReader.Public), TestContext.Current.CancellationToken))
            .ShouldBeOfType<ListServer.Admin.Outcome<ArchiveFinds>.Refused>();
        Encoding.UTF8.GetString(stage.Peer.Messages.First().Octets).ShouldNotContain("Archive");
    }

    [Fact]
    public async Task A_list_that_keeps_no_archive_has_nothing_on_the_disk()
    {
        await using var stage = await ServerStage.StartAsync(settings: new ListSettings { Archive = ArchiveAccess.Off });
        await stage.SendAsync(ServerStage.SignedPost("quartz"));
        await stage.SettledAsync();

        Directory.EnumerateFileSystemEntries(Path.Combine(stage.Folder, "archive")).ShouldBeEmpty();
        stage.Server.Store.Unarchived(10).ShouldBeEmpty();
    }
}
