using System.Net;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;

namespace ListServer.Web.Tests;

/// <summary>The page of reports: who sends in a domain's name, whose that is, and what to publish next (issue 7, points 4 and 5).</summary>
public sealed class ReportsPageTests
{
    private const string Path = "/admin/domains/lists.example/reports";

    [Fact]
    public async Task Without_reports_the_page_says_so_and_what_to_do()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Admin);
        WebUtility.HtmlDecode(await browser.ReadAsync("/admin/domains/lists.example")).ShouldContain($"href=\"{Path}\"");
        WebUtility.HtmlDecode(await browser.ReadAsync(Path)).ShouldSatisfyAllConditions(
            page => page.ShouldContain("No report speaks of mail from lists.example yet."),
            page => page.ShouldContain("First put SPF and DKIM in place"),
            page => page.ShouldNotContain("<svg"));
        using var none = await browser.GetAsync("/admin/domains/nobody.example/reports");
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Each_source_stands_with_its_judgement_and_the_record_to_add()
    {
        await using var site = await Site.StartAsync();
        await Reported.FillAsync(site);
        var browser = await site.SignInAsync(Site.Admin);

        var page = WebUtility.HtmlDecode(await browser.ReadAsync(Path + "?lang=en"));
        page.ShouldContain("messages that claim to be from lists.example passed in the last 28 days. 25 came from 203.0.120.9, not from you.");
        page.ShouldContain("<pre class=\"message\"><code>news._domainkey.lists.example. IN TXT \"v=DKIM1; p=…\"</code></pre>");
        page.ShouldContain("It signs as lists.example with a key that receivers can’t find or use: publish that key.");
        page.ShouldContain("It hands on what you sent");
        page.Split("<rect class=\"bar-good\"").Length.ShouldBe(20 + 1, "a bar for each day with mail");
        page.ShouldContain("<th scope=\"row\" class=\"day\">2027-02-28</th>");
        page.ShouldNotContain("style=", Case.Sensitive, "SEC-22: the policy forbids inline styles");
        page.Length.ShouldBeLessThan(120_000);
        WebUtility.HtmlDecode(await browser.ReadAsync(Path + "?lang=ja")).ShouldSatisfyAllConditions(
            ja => ja.ShouldContain("25 通は 203.0.120.9 から届いたもので、あなたのものではありません。"), ja => ja.ShouldContain("鍵を公開してください。"));
    }

    [Fact]
    public async Task Who_comes_every_day_is_marked_on_the_page_and_taken_back_there()
    {
        await using var site = await Site.StartAsync();
        await Reported.FillAsync(site);
        var browser = await site.SignInAsync(Site.Admin);
        SourceMark MarkOf(string source) => site.Store.ReportSources(Reported.Domain).Single(tally => tally.Source == source).Mark;

        using var marked = await browser.SubmitAsync(Path, Path + "/mark", ("name", "203.0.113.0/24"), ("whose", "foreign"));
        marked.Headers.Location!.ToString().ShouldBe(Path);
        MarkOf(Reported.Steady).ShouldBe(SourceMark.Foreign);
        WebUtility.HtmlDecode(await browser.ReadAsync(Path)).ShouldSatisfyAllConditions(
            page => page.ShouldContain("203.0.113.0/24 is not yours from now on"), page => page.ShouldContain("aria-label=\"Take that back: 203.0.113.0/24\""));

        using var back = await browser.SubmitAsync(Path, Path + "/mark", ("name", "203.0.113.0/24"), ("whose", "none"));
        MarkOf(Reported.Steady).ShouldBe(SourceMark.None);
        using var unknown = await browser.SubmitAsync(Path, Path + "/mark", ("name", "nobody.example"), ("whose", "ours"));
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_stricter_policy_is_proposed_with_its_numbers_and_a_letter_in_both_languages()
    {
        await using var site = await Site.StartAsync();
        await Reported.FillAsync(site);
        await Reported.PublishAsync(site, "p=none");
        await site.DoAsync(new MarkSources(Reported.Domain, Reported.Steady, SourceMark.Foreign));
        await site.DoAsync(new MarkSources(Reported.Domain, Reported.Newsletter, SourceMark.Foreign));
        var page = WebUtility.HtmlDecode(await (await site.SignInAsync(Site.Admin)).ReadAsync(Path + "?lang=en"));
        page.ShouldContain("_dmarc.lists.example. IN TXT \"v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc-reports@lists.example\"");
        page.ShouldContain("20 of the last 28 days were reported");
        page.ShouldContain("lang=\"en\" rows=\"14\" readonly>Subject: How to send mail as lists.example");
        page.ShouldContain("lang=\"ja\" rows=\"14\" readonly>Subject: lists.example のメールの送り方についてのお願い");
    }

    [Fact]
    public async Task What_reports_say_is_there_even_where_DNS_answers_nothing()
    {
        await using var site = await Site.StartAsync();
        await Reported.FillAsync(site, days: 3);
        site.Dns.Failing.Add("_dmarc");
        var page = WebUtility.HtmlDecode(await (await site.SignInAsync(Site.Admin)).ReadAsync(Path));
        page.ShouldContain("There is no advice now: DNS does not say what lists.example publishes");
        page.ShouldContain("Who sends in your name");
    }
}
