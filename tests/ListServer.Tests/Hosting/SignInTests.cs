using System.Net;
using System.Text.RegularExpressions;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Configuration;
using ListServer.Lists;

namespace ListServer.Tests.Hosting;

/// <summary>The pages of a whole server: a link comes by mail, signs in once, and shows what the person runs.</summary>
public sealed partial class SignInTests
{
    private const string Ben = "ben@plain.example";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_comes_by_signed_mail_and_signs_in_once() // UI /me, SEC-27, SEC-28
    {
        await using var stage = await StartAsync();
        await stage.DoAsync(new AddMember(ServerStage.List, Ben) { Role = MemberRole.Owner });
        using var browser = new HttpClient { BaseAddress = stage.Server.WebAddress };

        using var asked = await PostAsync(browser, "/sign-in", await browser.GetStringAsync("/sign-in", Cancelled), ("address", Ben), ("to", "/lists/talk@lists.example/posts"));
        asked.StatusCode.ShouldBe(HttpStatusCode.OK);
        var mail = await stage.MailAsync("Your link to sign in");
        mail.Text.ShouldContain("From: \"ListServer\" <postmaster@lists.example>");
        mail.Text.ShouldContain("DKIM-Signature:");
        mail.Text.ShouldContain("Auto-Submitted: auto-generated");
        mail.Text.ShouldNotContain("List-Id:");
        var link = Link().Match(mail.Text).Value;

        var shown = await browser.GetStringAsync(link, Cancelled);
        shown.ShouldContain(Ben);
        (await browser.GetStringAsync(link, Cancelled)).ShouldContain(Ben, customMessage: "a scanner of mail uses nothing up");
        using var opened = await PostAsync(browser, link, shown, ("to", "/lists/talk@lists.example/posts"));
        opened.RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/lists/talk@lists.example/posts");
        opened.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var stranger = new HttpClient { BaseAddress = stage.Server.WebAddress };
        (await stranger.GetAsync(link, Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_first_admin_comes_in_by_the_printed_link_and_nobody_after()
    {
        await using var stage = await StartAsync();
        var made = await stage.DoAsync(new MakeFirstLink());
        using var browser = new HttpClient { BaseAddress = stage.Server.WebAddress };

        using var opened = await PostAsync(browser, made.Url!.ToString(), await browser.GetStringAsync(made.Url, Cancelled), ("address", "olive@plain.example"), ("name", "Olive"));

        (await opened.Content.ReadAsStringAsync(Cancelled)).ShouldContain("talk@lists.example");
        (await stage.DoAsync(new BrowseUsers())).ShouldHaveSingleItem().ShouldBe(new UserAnswer("olive@plain.example", "Olive", RunsServer: true, [], IsDisabled: false));
        await Should.ThrowAsync<InvalidOperationException>(() => stage.DoAsync(new MakeFirstLink()));
    }

    [Fact]
    public async Task What_mail_brings_is_encoded_in_pages() // SEC-22
    {
        await using var stage = await StartAsync();
        await stage.DoAsync(new ChangeList(ServerStage.List, new ListSettings { DisplayName = "<b>Talk" }));
        await stage.SendAsync(ServerStage.SignedPost("<script>alert(1)</script>"));
        var trace = await stage.SettledAsync();
        await stage.DoAsync(new AddMember(ServerStage.List, Ben) { Role = MemberRole.Moderator });
        using var browser = new HttpClient { BaseAddress = stage.Server.WebAddress };
        var link = (await stage.DoAsync(new MakeLink(Ben))).Url!;
        using var opened = await PostAsync(browser, link.ToString(), await browser.GetStringAsync(link, Cancelled));

        foreach (var path in (string[])["/lists", "/lists/talk@lists.example/posts", "/lists/talk@lists.example/posts/" + trace.Post.Id])
        {
            var page = await browser.GetStringAsync(path, Cancelled);
            page.ShouldNotContain("<script>alert");
            page.ShouldNotContain("<b>Talk");
        }
    }

    private static Task<ServerStage> StartAsync() =>
        ServerStage.StartAsync(options => options with { Web = new WebOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] } });

    private static Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, string page, params (string Name, string Value)[] fields) => browser.PostAsync(
        path,
        new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create("__RequestVerificationToken", Token().Match(page).Groups[1].Value)]),
        Cancelled);

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+/in/[^\\s]+")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
