using System.Text;
using System.Text.Json;
using ListServer.Admin.Lists;
using ListServer.Commands;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Commands;

/// <summary>A draft from its first words to its copies, by the real pipeline (ui.md, "Announce").</summary>
public sealed class AnnounceDraftTests
{
    private const string Tester = "tester@plain.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_previewed_and_tested_is_what_members_get_and_a_test_bears_nobody_else_s_leave_link()
    {
        await using var stage = await ServerStage.StartAsync(
            options => options with { Web = options.Web with { BaseUrl = "https://lists.example" } },
            settings: new ListSettings { Personalize = true, SubjectPrefix = "[news] ", Footer = "-- \nThe list" });
        (await RunAsync(stage, "announce", "draft", "preview", ServerStage.List)).Code.ShouldBe(ExitCode.NotFound);
        var text = Path.Combine(stage.Folder, "text.txt");
        await File.WriteAllTextAsync(text, "Grüße an alle\n\n" + new string('a', 990) + " b\n", Cancel);
        (await RunAsync(stage, "announce", "draft", "save", ServerStage.List, "--subject", "Oktober – Neues", "--text", text, "--name", "Lists News")).Code.ShouldBe(0);

        var (code, preview) = await RunAsync(stage, "announce", "draft", "preview", ServerStage.List);
        code.ShouldBe(0, preview);
        preview.ShouldContain("[news] Oktober – Neues");
        preview.ShouldContain("from       Lists News <talk@lists.example>");
        preview.ShouldContain("The list");
        preview.ShouldContain("recipients 2\nready");
        stage.Peer.Messages.ShouldBeEmpty();

        (await RunAsync(stage, "announce", "draft", "test", ServerStage.List, "--to", Tester)).Code.ShouldBe(0);
        var test = await NextAsync(stage, 1);
        test.ShouldContain("Subject: [news] Oktober =?utf-8?");
        var token = Encoding.ASCII.GetString(RawMessage.Parse(Encoding.UTF8.GetBytes(test)).Fields.Single(field => field.Name == "List-Unsubscribe").RawValue.Span);
        MemberToken.TryOpen(stage.Server.Store.Secret.Span, MemberToken.Leave, token[(token.IndexOf("/u/", StringComparison.Ordinal) + 3)..token.IndexOf('>', StringComparison.Ordinal)], out _, out var who).ShouldBeTrue();
        who.ShouldBe(Tester);
        var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [stage.Dns.EndPoint] });
        (await new DkimVerifier(resolver).VerifyAsync(RawMessage.Parse(stage.Peer.Messages.First().Octets), Cancel))[0].Verdict.ShouldBe(DkimVerdict.Pass);

        var (sent, output) = await RunAsync(stage, "announce", "draft", "send", ServerStage.List, "--json");
        sent.ShouldBe(0, output);
        await NextAsync(stage, 3);
        var copies = stage.Peer.Messages.Skip(1).Select(message => message.Text).ToList();
        Body(copies[0]).ShouldBe(Body(test));
        MessageId(copies[0]).ShouldBe(MessageId(copies[1]));
        MessageId(copies[0]).ShouldNotBe(MessageId(test), "a mailbox that keeps one mail of a name would not show the announcement");
        (await RunAsync(stage, "announce", "draft", "send", ServerStage.List)).Code.ShouldBe(ExitCode.NotFound);
        JsonDocument.Parse(output).RootElement.GetProperty("state").GetString().ShouldBe("scheduled");
    }

    private static string Body(string message) => message[message.IndexOf("\r\n\r\n", StringComparison.Ordinal)..];

    private static string MessageId(string message) => message.Split("\r\n").First(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase));

    private static async Task<string> NextAsync(ServerStage stage, int count)
    {
        for (var i = 0; i < 1_000 && stage.Peer.Messages.Count < count; i++)
        {
            await Task.Delay(20, Cancel);
        }

        stage.Peer.Messages.Count.ShouldBe(count);
        return stage.Peer.Messages.Last().Text;
    }

    private static async Task<(int Code, string Output)> RunAsync(ServerStage stage, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandTree.RunAsync([.. arguments, "--data", stage.Folder], output, output);
        return (code, output.ToString().ReplaceLineEndings("\n").TrimEnd());
    }
}
