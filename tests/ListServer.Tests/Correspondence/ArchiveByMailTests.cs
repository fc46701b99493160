using System.Text;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists.Archiving;

namespace ListServer.Tests.Correspondence;

/// <summary>index and get by mail: what the archive shows to whom, and to nobody in a forged name (AUTH-56, AUTH-95).</summary>
public sealed class ArchiveByMailTests : ListStage
{
    private const string Ann = "ann@signed.example";
    private const string Request = "news-request@lists.example";

    [Fact]
    public async Task A_member_gets_the_index_and_the_messages_whole()
    {
        await ArchiveAsync(ArchiveAccess.Members);
        await SendAsync(Ann, Request, "index");
        var index = (await SentAsync())[^1];
        index.Text.ShouldContain($"{MessageIdHash.Of("<one@x.example>")} One (Bob)");

        await SendAsync(Ann, Request, $"get {MessageIdHash.Of("<one@x.example>").ToLowerInvariant()} nothing");
        var mail = (await SentAsync())[^1];
        mail.Recipients.ShouldBe([Ann]);
        mail.ReversePath.ShouldBe("");
        var text = Encoding.UTF8.GetString(mail.Octets);
        text.ShouldContain("Content-Type: message/rfc822");
        text.ShouldContain("From: Bob <bob@x.example>\r\nSubject: One\r\nMessage-ID: <one@x.example>\r\nContent-Type: text/plain; charset=utf-8\r\n");
        text.ShouldContain("Content-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(Encoding.UTF8.GetBytes("こんにちは\r\n")));
        text.ShouldContain("    nothing");
    }

    [Theory]
    [InlineData(ArchiveAccess.Members, "ann@signed.example", false, true)]
    [InlineData(ArchiveAccess.Members, "zoe@signed.example", false, false)]
    [InlineData(ArchiveAccess.Members, "ann@signed.example", true, false)]
    [InlineData(ArchiveAccess.Public, "zoe@signed.example", false, true)]
    [InlineData(ArchiveAccess.Private, "ann@signed.example", false, false)]
    public async Task Nobody_reads_by_mail_what_the_archive_does_not_show_them(ArchiveAccess access, string reader, bool isForged, bool isShown)
    {
        await ArchiveAsync(access);
        foreach (var command in new[] { "index", "index 2027-03", $"get {MessageIdHash.Of("<one@x.example>")}" })
        {
            var from = isForged ? "ann@signed.example" : reader;
            await SendAsync(Write(from, command, isForged: isForged), isForged ? "mallory@spf.example" : from, Request);
        }

        var sent = (await SentAsync()).Select(mail => Encoding.UTF8.GetString(mail.Octets)).ToList();
        sent.Exists(text => text.Contains("One (Bob)", StringComparison.Ordinal)).ShouldBe(isShown);
        sent.Exists(text => text.Contains("bob@x.example", StringComparison.Ordinal)).ShouldBe(isShown);
    }

    private async Task ArchiveAsync(ArchiveAccess access)
    {
        await DoneAsync(new ChangeList(List, new ListSettings { Archive = access }));
        await DoneAsync(new AddMember(List, Ann));
        Store.Archives.Of(List).Add([new("01", new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero), Encoding.UTF8.GetBytes(
            "From: Bob <bob@x.example>\r\nSubject: One\r\nMessage-ID: <one@x.example>\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nこんにちは\r\n"), IsPost: false)]);
    }
}
