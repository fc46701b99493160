using System.Text;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Hosting;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Tests.Correspondence;

/// <summary>Joining by mail: AUTH-56, AUTH-83, AUTH-97, SEC-26.</summary>
public sealed class JoinByMailTests : ListStage
{
    private const string Bob = "bob@plain.example";

    [Fact]
    public async Task Join_by_mail_confirm_and_a_post_arrives()
    {
        (await SendAsync(Bob, "news-join@lists.example")).ShouldStartWith("250");
        var question = (await SentAsync()).ShouldHaveSingleItem();
        Store.FindMember(List, Bob).ShouldBeNull();
        question.ReversePath.ShouldBe("");
        question.Recipients.ShouldBe([Bob]);

        (await SendAsync(Bob, question.Field("Reply-To").Trim('<', '>'), "Re: " + question.Field("Subject"), "> quoted\r\n")).ShouldStartWith("250");

        Store.FindMember(List, Bob).ShouldNotBeNull().Source.ShouldContain("double opt-in; asked for by mail");
        (await SentAsync()).Count.ShouldBe(2);
        Sink.Mail[1].Field("Subject").ShouldBe("Welcome to News");

        await DoneAsync(new AddMember(List, "ann@signed.example"));
        (await SendAsync("ann@signed.example", List, "Hello", "all\r\n")).ShouldStartWith("250");
        await UntilAsync(() => Sink.Mail.Any(mail => mail.Recipients.Contains(Bob) && mail.Field("Subject") == "Hello"));
    }

    [Fact]
    public async Task The_question_is_signed_and_passes_a_strict_receiver()
    {
        await SendAsync(Bob, "news-join@lists.example");
        var question = (await SentAsync()).ShouldHaveSingleItem();

        var report = await VerifyAsync(question);

        report.Dkim.ShouldHaveSingleItem().Verdict.ShouldBe(DkimVerdict.Pass);
        report.Dmarc.ShouldSatisfyAllConditions(d => d.Verdict.ShouldBe(DmarcVerdict.Pass), d => d.Policy.ShouldBe(DmarcPolicy.Reject));
        question.Field("From").ShouldBe("\"News\" <news-request@lists.example>");
        question.Field("Auto-Submitted").ShouldBe("auto-replied");
    }

    [Fact]
    public async Task A_new_message_with_the_token_in_its_subject_confirms_too()
    {
        await SendAsync(Bob, "news-request@lists.example", "subscribe");
        var question = (await SentAsync()).ShouldHaveSingleItem();
        var token = question.Text.Split("confirm ")[^1].Split("\r\n")[0];

        await SendAsync("bobs-other@plain.example", "news-request@lists.example", $"confirm {token}");

        Store.FindMember(List, Bob).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_authenticated_author_is_asked_all_the_same()
    {
        await SendAsync("ann@signed.example", "news-join@lists.example");

        (await SentAsync()).ShouldHaveSingleItem().Field("Subject").ShouldBe("Please confirm: join News?");
        Store.FindMember(List, "ann@signed.example").ShouldBeNull();
    }

    [Fact]
    public async Task A_list_whose_name_leaves_no_room_for_a_token_takes_it_in_the_subject()
    {
        var name = new string('n', 40);
        await DoneAsync(new CreateList($"{name}@lists.example"));
        await SendAsync(Bob, $"{name}-join@lists.example");
        var question = (await SentAsync()).ShouldHaveSingleItem();
        question.Field("Reply-To").ShouldBe("");

        await SendAsync(Bob, $"{name}-request@lists.example", "Re: " + question.Field("Subject"));

        Store.FindMember($"{name}@lists.example", Bob).ShouldNotBeNull();
    }

    [Fact]
    public async Task Fifty_requests_make_two_mails_and_fifty_equal_replies()
    {
        var replies = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            var address = i % 5 == 0 ? $"bob+{i}@plain.example" : Bob;
            replies.Add(await SendAsync(address, i % 2 == 0 ? "news-join@lists.example" : "news-request@lists.example", "subscribe"));
        }

        replies.ShouldHaveSingleItem().ShouldStartWith("250");
        (await SentAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_caps_outlive_a_restart()
    {
        await SendAsync(Bob, "news-join@lists.example");
        await SendAsync(Bob, "news-join@lists.example");
        await SentAsync();
        await RestartAsync();

        await SendAsync(Bob, "news-join@lists.example");

        (await SentAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Members_and_strangers_get_the_same_reply_and_the_same_question()
    {
        await DoneAsync(new AddMember(List, Bob));

        (await SendAsync(Bob, "news-join@lists.example")).ShouldBe(await SendAsync("eve@plain.example", "news-join@lists.example"));

        var sent = await SentAsync();
        sent.Count.ShouldBe(2);
        sent[0].Field("Subject").ShouldBe(sent[1].Field("Subject"));
    }

    [Fact]
    public async Task A_guessed_token_is_refused_in_the_session()
    {
        (await SendAsync(Bob, "news-confirm+aaaaaaaaaaaaaaaaaaaaaaaaaa@lists.example")).ShouldStartWith("550 5.7.1");

        (await SentAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_vacation_message_does_not_confirm()
    {
        await SendAsync(Bob, "news-join@lists.example");
        var answer = (await SentAsync()).ShouldHaveSingleItem().Field("Reply-To").Trim('<', '>');

        await SendAsync(Bob, answer, "Out of office", "", "Auto-Submitted: auto-replied\r\n");
        await SendAsync(Write(Bob, "Out of office"), "", answer);

        Store.FindMember(List, Bob).ShouldBeNull();
        (await SentAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_Japanese_list_asks_in_Japanese()
    {
        await DoneAsync(new ChangeList(List, new ListSettings { Language = "ja", DisplayName = "お知らせ" }));
        await SendAsync(Bob, "news-join@lists.example");

        var question = (await SentAsync()).ShouldHaveSingleItem();

        Encoding.UTF8.GetString(Convert.FromBase64String(Encoding.ASCII.GetString(question.Message.Body.Span))).ShouldContain("登録をご希望の場合は");
        (await VerifyAsync(question)).Dmarc.Verdict.ShouldBe(DmarcVerdict.Pass);
    }

    [Fact]
    public async Task The_sites_own_words_replace_ours()
    {
        Directory.CreateDirectory(Path.Combine(DataFolder, "templates", "en"));
        await File.WriteAllTextAsync(Path.Combine(DataFolder, "templates", "en", "confirm-join.liquid"), "Subject: Sure?\n\nReply, {{ address }}.\n", Cancel);
        await RestartAsync();

        await SendAsync(Bob, "news-join@lists.example");

        (await SentAsync()).ShouldHaveSingleItem().Text.ShouldContain("Subject: Sure?\r\n");
        Sink.Mail[0].Text.ShouldEndWith("Reply, bob@plain.example.\r\n");
    }

    [Fact]
    public async Task A_faulty_text_of_the_site_stops_the_start_and_is_named()
    {
        Directory.CreateDirectory(Path.Combine(DataFolder, "templates", "ja"));
        await File.WriteAllTextAsync(Path.Combine(DataFolder, "templates", "ja", "welcome.liquid"), "Subject: x\n\n{{ adress }}\n", Cancel);

        var problem = await Should.ThrowAsync<ServerStartException>(RestartAsync);

        problem.Message.ShouldContain("ja/welcome.liquid");
        problem.Message.ShouldContain("adress");
    }
}
