using System.Text;
using ListServer.Admin.Members;
using ListServer.Commands;
using ListServer.Lists;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Distribution;

/// <summary>Who gets copies of a post, end to end (issue 5, item 1: own copies, duplicates avoided).</summary>
public sealed class AudienceTests
{
    private const string Aiko = "aiko@strict.example";
    private const string Ben = "ben@plain.example";

    [Fact]
    public async Task Who_wants_no_own_copies_gets_none_but_of_what_somebody_else_wrote_in_their_name()
    {
        await using var stage = await ServerStage.StartAsync();
        await RunAsync(stage, "--own-copies", "false", Aiko);
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();
        Recipients(stage).ShouldBe([Ben]);

        await RunAsync(stage, "--own-copies", "false", Ben);
        await RunAsync(stage, "--delivery", "no-mail", Aiko);
        await stage.DoAsync(new ListServer.Admin.Lists.ChangeList(ServerStage.List, new() { RequireAuthorAuthentication = false }));
        await stage.SendAsync(ServerStage.Post("Not from Ben"));
        await stage.SettledAsync();
        Recipients(stage).ShouldBe([Ben, Ben]);
    }

    [Fact]
    public async Task Who_avoids_duplicates_gets_no_copy_of_a_post_that_names_them()
    {
        await using var stage = await ServerStage.StartAsync();
        await RunAsync(stage, "--avoid-duplicates", "true", Ben);
        var post = Encoding.UTF8.GetString(ServerStage.Post("Hello", from: $"Aiko <{Aiko}>")).Replace("\r\nSubject:", "\r\nCc: \"Ben, of P\" <BEN@Plain.example>, =?utf-8?q?x?= <c@d.example>\r\nSubject:", StringComparison.Ordinal);
        await stage.SendAsync(ServerStage.Sign(Encoding.UTF8.GetBytes(post)));
        await stage.SettledAsync();
        Recipients(stage).ShouldBe([Aiko]);

        await RunAsync(stage, "--avoid-duplicates", "false", Ben);
        await stage.SendAsync(ServerStage.Sign(Encoding.UTF8.GetBytes(post.Replace("Message-ID: <", "Message-ID: <2", StringComparison.Ordinal))));
        await stage.SettledAsync();
        Recipients(stage).ShouldBe([Aiko, Aiko, Ben], ignoreOrder: true);
    }

    [Fact]
    public async Task The_command_line_shows_and_sets_how_a_member_receives()
    {
        await using var stage = await ServerStage.StartAsync();
        (await RunAsync(stage, "--delivery", "mime-digest", Ben)).ShouldBe(
            $"{Ben}\tmember\tmime-digest\t\nown posts come back; posts that name the member in To or Cc come too\n".ReplaceLineEndings());
        (await RunAsync(stage, "--delivery", "paused", Ben, ExitCode.Usage)).ShouldContain("A pause needs the date");
        (await RunAsync(stage, "--until", "tomorrow", Ben, ExitCode.Usage)).ShouldContain("--until takes a date such as 2027-10-01");
        (await stage.DoAsync(new ShowMember(ServerStage.List, Ben))).Member.Delivery.ShouldBe(DeliveryMode.MimeDigest);
    }

    private static IEnumerable<string> Recipients(ServerStage stage) => stage.Peer.Messages.SelectMany(message => message.Recipients).Select(path => path.Trim('<', '>'));

    private static async Task<string> RunAsync(ServerStage stage, string option, string value, string address, int code = ExitCode.Ok)
    {
        using var output = new StringWriter();
        (await CommandTree.RunAsync(["member", "set", ServerStage.List, address, option, value, "--data", stage.Folder], output, output)).ShouldBe(code, output.ToString());
        return output.ToString();
    }
}
