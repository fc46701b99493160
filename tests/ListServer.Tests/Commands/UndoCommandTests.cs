using System.Text;
using ListServer.Admin.Lists;
using ListServer.Commands;
using ListServer.Lists;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>The list's changes taken back from a delivered copy (issue 5, item 4).</summary>
public sealed class UndoCommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MitigationSetting.Auto, false, "text/plain; charset=utf-8", "Hello all\r\n")]
    [InlineData(MitigationSetting.Auto, true, "text/plain; charset=utf-8", "Hello all\r\n")]
    [InlineData(MitigationSetting.Always, false, "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", "SGVsbG8gYWxsCg==\r\n")]
    [InlineData(MitigationSetting.Auto, false, "text/html; charset=utf-8", "<p>Hello all</p>\r\n")]
    [InlineData(MitigationSetting.Auto, false, "multipart/mixed; boundary=b", "--b\r\n\r\nHello\r\n--b--\r\n")]
    [InlineData(MitigationSetting.Wrap, false, "text/plain; charset=utf-8", "Hello all\r\n")]
    public async Task A_copy_that_went_on_becomes_the_post_that_came_and_its_author_s_signature_verifies(MitigationSetting mitigation, bool personal, string type, string body)
    {
        await using var stage = await ServerStage.StartAsync(
            settings: new ListSettings { SubjectPrefix = "[talk:%d] ", Footer = "-- \nThe list", Mitigation = mitigation, Personalize = personal });
        var message = Post(type, body);
        await stage.SendAsync(message);
        await stage.SettledAsync();
        var copy = stage.Peer.Messages.First().Octets;
        Encoding.UTF8.GetString(copy).ShouldContain("[talk:1] Hello");

        // What the next hops put on top does not matter.
        byte[] arrived = [.. "Return-Path: <x@lists.example>\r\nReceived: from a by b\r\nSubject: spam?\r\n"u8, .. copy];
        var (code, output, original) = await UndoAsync(stage, arrived);

        code.ShouldBe(0, output);
        output.ShouldContain("dkim  d=strict.example s=a1: verifies");
        original.ShouldBe(message);
    }

    [Fact]
    public async Task It_works_without_a_server_and_what_is_not_as_it_left_is_told()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();
        var copy = stage.Peer.Messages.First().Octets;
        await stage.StopServerAsync();

        (await UndoAsync(stage, copy)).Code.ShouldBe(0);
        var changed = await UndoAsync(stage, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(copy).Replace("Hello all", "Hullo all", StringComparison.Ordinal)));
        changed.Code.ShouldBe(ExitCode.Failed);
        changed.Output.ShouldContain(" is not as it left: ");
        (await UndoAsync(stage, ServerStage.Post())).Code.ShouldBe(ExitCode.NotFound);
        (await UndoAsync(stage, [])).Code.ShouldBe(ExitCode.Usage);
        await stage.StartServerAsync();
    }

    // Fields of every fate: taken out, replaced, kept, and the same twice.
    private static byte[] Post(string type, string body) => ServerStage.Sign(Encoding.UTF8.GetBytes(
        $"X-Twice: 1\r\nPrecedence: bulk\r\nFrom: Aiko Sato <aiko@strict.example>\r\nReply-To: aiko@strict.example\r\nTo: {ServerStage.List}\r\nX-Twice: 1\r\n"
        + $"List-Id: <old.example>\r\nSubject:  Hello\r\nDisposition-Notification-To: aiko@strict.example\r\nDate: Tue, 24 Nov 2026 06:00:00 +0000\r\n"
        + $"Message-ID: <{Guid.NewGuid():N}@client.example>\r\nMIME-Version: 1.0\r\nContent-Type: {type}\r\n\r\n{body}"));

    private static async Task<(int Code, string Output, byte[]? Original)> UndoAsync(ServerStage stage, byte[] copy)
    {
        var (path, outPath) = (Path.Combine(stage.Folder, "arrived.eml"), Path.Combine(stage.Folder, "original.eml"));
        await File.WriteAllBytesAsync(path, copy, Cancel);
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync(["undo", path, "--out", outPath, "--data", stage.Folder], output, output);
        return (code, output.ToString(), File.Exists(outPath) ? await File.ReadAllBytesAsync(outPath, Cancel) : null);
    }
}
