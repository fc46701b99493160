using System.Net.Sockets;
using System.Text;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Tests.Correspondence;

/// <summary>-owner, postmaster, abuse: AUTH-60, AUTH-70.</summary>
public sealed class MailForPeopleTests : ListStage
{
    private const string Owners = "news-owner@lists.example";

    [Fact]
    public async Task Mail_to_the_owners_reaches_owners_and_moderators()
    {
        await DoneAsync(new AddMember(List, "max@office.example") { Role = MemberRole.Moderator });
        await DoneAsync(new AddMember(List, "mia@office.example"));

        (await SendAsync("ann@signed.example", Owners, "A question", "Who are you?\r\n")).ShouldStartWith("250");

        var mail = (await SentAsync()).ShouldHaveSingleItem();
        mail.Recipients.ShouldBe([Owner, "max@office.example"], ignoreOrder: true);
        mail.ReversePath.ShouldBe("news-bounces@lists.example");
        mail.Field("From").ShouldBe("<ann@signed.example>");
        mail.Field("Subject").ShouldBe("A question");
        mail.Field("List-Post").ShouldBe("");
        mail.Field("List-Unsubscribe").ShouldBe("");
        mail.Text.ShouldEndWith("Who are you?\r\n");
    }

    [Fact]
    public async Task A_copy_for_the_owners_is_signed_sealed_and_keeps_the_authors_signature()
    {
        await SendAsync("ann@strict.example", Owners, "A question");

        var report = await VerifyAsync((await SentAsync()).ShouldHaveSingleItem());

        report.Dkim.Where(d => d.Verdict is DkimVerdict.Pass).Select(d => d.Domain).ShouldBe(["lists.example", "strict.example"], ignoreOrder: true);
        report.Arc.Verdict.ShouldBe(ArcVerdict.Pass);
        report.Dmarc.Verdict.ShouldBe(DmarcVerdict.Pass);
    }

    [Fact]
    public async Task Nobody_need_be_a_member_or_prove_anything()
    {
        (await SendAsync("eve@plain.example", Owners, "Hello")).ShouldStartWith("250");

        (await SentAsync()).ShouldHaveSingleItem().Field("From").ShouldBe("<eve@plain.example>");
    }

    [Theory]
    [InlineData(Owners)]
    [InlineData("postmaster@lists.example")]
    [InlineData("abuse@lists.example")]
    public async Task A_forged_strict_author_is_never_laundered(string address)
    {
        var reply = await SendAsync(Write("ken@strict.example", "Hello", isForged: true), "mallory@spf.example", address);

        reply.ShouldStartWith("550 5.7.1");
        reply.ShouldContain("DMARC");
        (await SentAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_comes_back_from_an_owner_makes_no_loop()
    {
        await SendAsync("ann@signed.example", Owners, "A question");
        var mail = (await SentAsync()).ShouldHaveSingleItem();

        (await SendAsync(mail.Octets, Owner, Owners)).ShouldStartWith("250");
        (await SendAsync(mail.Octets, "", "news-bounces@lists.example")).ShouldStartWith("250");

        (await SentAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_change_of_owners_counts()
    {
        await SendAsync("ann@signed.example", Owners, "One");
        await DoneAsync(new RemoveMember(List, Owner));
        await DoneAsync(new AddMember(List, "new@office.example") { Role = MemberRole.Owner });

        await SendAsync("ann@signed.example", Owners, "Two");
        (await SentAsync())[^1].Recipients.ShouldBe(["new@office.example"]);
    }

    [Fact]
    public async Task Without_an_owner_the_sender_learns_it()
    {
        await DoneAsync(new RemoveMember(List, Owner));

        (await SendAsync("ann@signed.example", Owners, "Hello")).ShouldStartWith("550 5.2.1");
    }

    [Theory]
    [InlineData("postmaster@lists.example")]
    [InlineData("abuse@lists.example")]
    public async Task Postmaster_and_abuse_reach_the_owners_of_the_domains_lists(string address)
    {
        (await SendAsync("ann@signed.example", address, "Spam from you")).ShouldStartWith("250");

        var mail = (await SentAsync()).ShouldHaveSingleItem();
        mail.Recipients.ShouldBe([Owner]);
        mail.ReversePath.ShouldBe("");
    }

    [Fact]
    public async Task A_postmaster_without_a_domain_is_ours()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(SmtpEndPoint, Cancel);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        var text = "HELO x\r\nMAIL FROM:<eve@plain.example>\r\nRCPT TO:<Postmaster>\r\nDATA\r\n";
        await reader.ReadLineAsync(Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);
        for (var i = 0; i < 4; i++)
        {
            await reader.ReadLineAsync(Cancel);
        }

        await client.GetStream().WriteAsync((byte[])[.. Write("eve@plain.example", "Hello"), .. "\r\n.\r\n"u8], Cancel);

        (await reader.ReadLineAsync(Cancel)).ShouldNotBeNull().ShouldStartWith("250");
        (await SentAsync()).ShouldHaveSingleItem().Recipients.ShouldBe([Owner]);
    }
}

public sealed class PostmasterTests : ListStage
{
    protected override string Postmaster => "ops@office.example";

    [Theory]
    [InlineData("postmaster@lists.example")]
    [InlineData("news-owner@lists.example")]
    public async Task A_named_postmaster_reads_what_nobody_else_does(string address)
    {
        await DoneAsync(new RemoveMember(List, Owner));

        (await SendAsync("ann@signed.example", address, "Hello")).ShouldStartWith("250");

        (await SentAsync()).ShouldHaveSingleItem().Recipients.ShouldBe(["ops@office.example"]);
    }
}
