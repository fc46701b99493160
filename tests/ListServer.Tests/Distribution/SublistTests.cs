using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Distribution;

/// <summary>Lists that are members of lists, end to end (issue 5, item 1).</summary>
public sealed class SublistTests
{
    private const string Staff = "staff@lists.example";
    private const string Night = "night@lists.example";

    [Fact]
    public async Task Members_of_parts_get_each_post_once_and_bounces_go_to_the_part()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.DoAsync(new CreateList(Staff));
        await stage.DoAsync(new CreateList(Night));
        await stage.DoAsync(new ImportMembers(Staff, "ben@plain.example\ncarl@other.example\n", "x"));
        await stage.DoAsync(new ImportMembers(Night, "carl@other.example\ndora@other.example\n", "x"));
        await stage.DoAsync(new AddMember(ServerStage.List, Staff));
        await stage.DoAsync(new AddMember(Staff, Night));

        await stage.SendAsync(ServerStage.SignedPost());
        var trace = await stage.SettledAsync();

        trace.Deliveries!.Delivered.ShouldBe(4);
        stage.Peer.Messages.SelectMany(m => m.Recipients).Select(r => r.Trim('<', '>')).Order()
            .ShouldBe(["aiko@strict.example", "ben@plain.example", "carl@other.example", "dora@other.example"]);
        stage.Peer.Messages.Where(m => m.Recipients.Contains("<carl@other.example>")).ShouldHaveSingleItem().Mail.ShouldContain("staff-bounces@lists.example");
        stage.Peer.Messages.Where(m => m.Recipients.Contains("<dora@other.example>")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            m => m.Mail.ShouldContain("night-bounces@lists.example"), m => m.Text.ShouldContain("List-Id: "), m => m.Text.ShouldContain("<talk.lists.example>"));
    }
}
