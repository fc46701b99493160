using ListServer.Admin.Members;

namespace ListServer.Tests.Correspondence;

/// <summary>AUTH-56, AUTH-95, SEC-19, SEC-20.</summary>
public sealed class CommandsByMailTests : ListStage
{
    private const string Ann = "ann@signed.example";
    private const string Request = "news-request@lists.example";
    private const string Leave = "news-leave@lists.example";

    [Fact]
    public async Task A_signed_leave_acts_at_once()
    {
        await DoneAsync(new AddMember(List, Ann));

        (await SendAsync(Ann, Leave)).ShouldStartWith("250");

        Store.FindMember(List, Ann).ShouldBeNull();
        (await SentAsync()).ShouldHaveSingleItem().Field("Subject").ShouldBe("You have left News");
    }

    [Theory]
    [InlineData("ann@signed.example", "ann@signed.example")]
    [InlineData("ann@signed.example", "mallory@spf.example")]
    [InlineData("ann@strict.example", "mallory@spf.example")]
    [InlineData("ann@spf.example", "ann@spf.example")]
    [InlineData("ann@plain.example", "ann@plain.example")]
    public async Task A_forged_leave_changes_nothing(string member, string reversePath)
    {
        await DoneAsync(new AddMember(List, member));

        (await SendAsync(Write(member, "unsubscribe", isForged: true), reversePath, Leave)).ShouldStartWith("250");
        (await SendAsync(Write(member, "unsubscribe", isForged: true), reversePath, Request)).ShouldStartWith("250");

        Store.FindMember(List, member).ShouldNotBeNull();
        var sent = await SentAsync();
        sent.Count.ShouldBe(2);
        sent.ShouldAllBe(mail => mail.Recipients.Single() == member && mail.Field("Subject") == "Please confirm: leave News?");
    }

    [Fact]
    public async Task An_unsigned_leave_acts_once_it_is_confirmed()
    {
        await DoneAsync(new AddMember(List, "bob@plain.example"));
        await SendAsync("bob@plain.example", Leave);
        var question = (await SentAsync()).ShouldHaveSingleItem();

        await SendAsync("bob@plain.example", question.Field("Reply-To").Trim('<', '>'));

        Store.FindMember(List, "bob@plain.example").ShouldBeNull();
        (await SentAsync())[^1].Field("Subject").ShouldBe("You have left News");
    }

    [Fact]
    public async Task Commands_are_answered_together()
    {
        (await SendAsync(Ann, Request, "A question", "info\r\nunsubscribe\r\nfrobnicate\r\nend\r\nhelp\r\n")).ShouldStartWith("250");

        var answer = (await SentAsync()).ShouldHaveSingleItem();
        answer.ReversePath.ShouldBe("");
        answer.Field("Subject").ShouldBe("Your commands to News");
        answer.Field("In-Reply-To").ShouldEndWith("@signed.example>");
        answer.Text.ShouldContain("> info\r\n  News <news@lists.example>\r\n");
        answer.Text.ShouldContain("> unsubscribe\r\n  ann@signed.example is not subscribed.");
        answer.Text.ShouldContain("> frobnicate\r\n  We do not know this command.\r\n");
        answer.Text.ShouldNotContain("> help");
    }

    [Fact]
    public async Task Help_is_answered_with_help()
    {
        await SendAsync(Ann, Request, "help");

        (await SentAsync()).ShouldHaveSingleItem().Field("Subject").ShouldBe("How to use News by mail");
    }

    [Fact]
    public async Task Who_proves_nothing_gets_help_once_a_day_and_none_of_their_own_words()
    {
        for (var i = 0; i < 5; i++)
        {
            (await SendAsync("bob@plain.example", Request, "buy pills at evil.example")).ShouldStartWith("250");
        }

        (await SentAsync()).ShouldHaveSingleItem().Text.ShouldNotContain("pills");
    }

    [Theory]
    [InlineData("ann@strict.example", "ann@strict.example")]
    [InlineData("ann@plain.example", "mallory@spf.example")]
    public async Task A_third_party_is_never_answered(string from, string reversePath)
    {
        (await SendAsync(Write(from, "help", isForged: true), reversePath, Request)).ShouldStartWith("550 5.7.1");

        (await SentAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Auto-Submitted: auto-replied\r\n", "ann@signed.example")]
    [InlineData("Auto-Submitted: auto-generated\r\n", "ann@signed.example")]
    [InlineData("Precedence: bulk\r\n", "ann@signed.example")]
    [InlineData("List-Id: <other.example>\r\n", "ann@signed.example")]
    [InlineData("", "")]
    [InlineData("", "mailer-daemon@signed.example")]
    [InlineData("", "news-request@lists.example")]
    public async Task What_a_program_sent_is_neither_obeyed_nor_answered(string header, string reversePath)
    {
        await DoneAsync(new AddMember(List, Ann));

        (await SendAsync(Write(Ann, "help", "leave\r\n", header), reversePath, Request)).ShouldStartWith("250");
        (await SendAsync(Write(Ann, "leave", "", header), reversePath, Leave)).ShouldStartWith("250");

        Store.FindMember(List, Ann).ShouldNotBeNull();
        (await SentAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Our_own_notices_sent_back_to_us_make_no_loop()
    {
        await SendAsync(Ann, Request, "help");
        var notice = (await SentAsync()).ShouldHaveSingleItem();

        foreach (var address in new[] { Request, Leave, "news-join@lists.example", "news-owner@lists.example", List, "postmaster@lists.example" })
        {
            await SendAsync(notice.Octets, "", address);
            await SendAsync(notice.Octets, "ann@signed.example", address);
        }

        (await SentAsync()).Where(mail => mail.Recipients.Contains(Ann) || mail.Recipients.Contains(Request)).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Two_From_fields_are_refused() =>
        (await SendAsync(Write(Ann, "help", "", "From: <eve@plain.example>\r\n"), Ann, Request)).ShouldStartWith("550 5.7.1");

    [Fact]
    public async Task The_answers_to_one_address_have_an_end()
    {
        for (var i = 0; i < 25; i++)
        {
            await SendAsync(Ann, Request, "help");
        }

        (await SentAsync()).Count.ShouldBe(20);
    }
}
