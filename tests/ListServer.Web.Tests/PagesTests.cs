using System.Net;
using System.Net.Http.Headers;
using ListServer.Admin.Members;
using ListServer.Lists.Bounces;
using ListServer.Lists.Consents;
using ListServer.Lists.Membership;
using ListServer.MailAuth.Dmarc;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Web.Tests;

/// <summary>What every page says to the browser, and the leave link.</summary>
public sealed class PagesTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/u/bad")]
    [InlineData("/in/bad")]
    [InlineData("/lists")]
    [InlineData("/no/such/page")]
    public async Task Every_answer_forbids_inline_scripts_frames_and_foreign_origins(string path) // SEC-22, SEC-23
    {
        await using var site = await Site.StartAsync();
        using var answer = await site.Open().GetAsync(path);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("http");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Single().ShouldBe("same-origin");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Fact]
    public async Task Behind_TLS_browsers_are_told_to_use_it_and_cookies_demand_it() // SEC-24
    {
        await using var site = await Site.StartAsync(new WebSettings(IsSecure: true, [IPNetwork.Parse("127.0.0.0/8")]));
        var browser = site.Open();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in?lang=ja");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await browser.Client.SendAsync(request, Cancelled);

        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldBe("max-age=31536000");
        answer.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase) && cookie.Contains("; samesite", StringComparison.OrdinalIgnoreCase)
            && cookie.Contains("; httponly", StringComparison.OrdinalIgnoreCase));
    }

    [Theory] // AUTH-84
    [InlineData(Site.Owner, "/lists/" + Site.Talk + "/settings/consent", Site.Talk, ConsentPurpose.Filtering)]
    [InlineData(Site.Admin, "/admin/domains/lists.example/consent", "lists.example", ConsentPurpose.Reporting)]
    public async Task Consent_is_given_to_the_words_on_the_page_and_withdrawn_there(string who, string page, string scope, ConsentPurpose purpose)
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(who);
        var shown = WebUtility.HtmlDecode(await browser.ReadAsync(page + "?lang=ja"));
        shown.ShouldContain("同意していません");
        shown.ReplaceLineEndings("\n").ShouldContain(ConsentWording.Of(purpose, "ja", scope));
        (string, string)[] fields = [("purpose", purpose.ToString().ToLowerInvariant()), ("language", "ja"), ("version", ConsentWording.Version)];

        (await browser.SubmitAsync(page, [.. fields, ("act", "give")])).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        site.Store.FindDmarcConsent(scope, purpose).ShouldNotBeNull().ShouldSatisfyAllConditions(
            c => c.GivenBy.ShouldBe(who), c => c.Face.ShouldBe("web page"), c => c.Language.ShouldBe("ja"), c => c.Stands.ShouldBeTrue());
        (await browser.SubmitAsync(page, [.. fields, ("act", "withdraw")])).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        site.Store.HasDmarcConsent(scope, purpose).ShouldBeFalse();
    }

    [Fact] // AUTH-59, AUTH-72
    public async Task A_domain_that_refusals_suggest_is_taken_for_strict_by_an_owner_s_click_only()
    {
        await using var site = await Site.StartAsync();
        await site.Store.CommitAsync(
            new IncidentCounted(new Incident(Site.Talk, "gmail.com", IncidentCause.Authentication, "bank.example", site.Time.GetUtcNow(), site.Time.GetUtcNow(), 3, "550 5.7.26 no")), Cancelled);
        var browser = await site.SignInAsync(Site.Owner);
        var page = $"/lists/{Site.Talk}/delivery";
        WebUtility.HtmlDecode(await browser.ReadAsync(page)).ShouldContain("Use the list’s name for bank.example");
        site.Store.FindList(Site.Talk)!.StrictDomains.ShouldBeEmpty();

        (await browser.SubmitAsync(page, page + "/strict", ("domain", "bank.example"), ("act", "accept"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        site.Store.FindList(Site.Talk)!.StrictDomains.ShouldBe(["bank.example"]);
        site.Store.Audit(Site.Talk, null, 50).ShouldContain(entry => entry.What == "AcceptStrictDomain" && entry.By == Site.Owner);
        (await browser.SubmitAsync(page, page + "/strict", ("domain", "bank.example"), ("act", "remove"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        site.Store.FindList(Site.Talk)!.StrictDomains.ShouldBeEmpty();
    }

    [Fact] // 普及状況
    public async Task The_overview_tells_how_far_members_domains_are_once_DNS_was_asked()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        (await browser.ReadAsync($"/lists/{Site.Talk}")).ShouldNotContain("How well senders can be proved");
        await site.Store.CommitAsync(new DomainsAsked([new DomainFacts("people.example", site.Time.GetUtcNow(), true, true, true, DmarcPolicy.Reject)]), Cancelled);
        WebUtility.HtmlDecode(await browser.ReadAsync($"/lists/{Site.Talk}")).ShouldSatisfyAllConditions(
            text => text.ShouldContain("How well senders can be proved"), text => text.ShouldContain("100% of members’ domains"), text => text.ShouldContain("DMARC, strict"));
    }

    [Fact]
    public async Task A_leave_link_is_shown_by_GET_and_followed_by_POST_without_a_cookie() // SEC-27, RFC 8058
    {
        await using var site = await Site.StartAsync();
        var path = "/u/" + MemberToken.Make(site.Store.Secret.Span, MemberToken.Leave, Site.Talk, Site.Member);
        var browser = site.Open();

        using var shown = await browser.GetAsync(path);
        (await shown.Content.ReadAsStringAsync(Cancelled)).ShouldContain("<button type=\"submit\">");
        shown.Headers.Contains("Set-Cookie").ShouldBeFalse();
        (await site.DoAsync(new ShowMember(Site.Talk, Site.Member))).Member.Address.ShouldBe(Site.Member);

        using var left = await browser.PostAsync(path, ("List-Unsubscribe", "One-Click"));
        left.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await left.Content.ReadAsStringAsync(Cancelled)).ShouldContain("You have left");
        site.Store.FindMember(Site.Talk, Site.Member).ShouldBeNull();
        (await browser.GetAsync("/u/bad")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Style_sheets_are_named_by_their_hash_kept_for_ever_and_compressed() // UI-4
    {
        await using var site = await Site.StartAsync();
        var page = await site.Open().ReadAsync("/");
        var octets = 0L;
        foreach (var part in page.Split("href=\"").Skip(1).Select(part => part[..part.IndexOf('"', StringComparison.Ordinal)]).Where(path => path.StartsWith("/assets/", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, part);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            using var sheet = await site.Open().Client.SendAsync(request, Cancelled);
            sheet.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
            sheet.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
            sheet.Headers.CacheControl!.ToString().ShouldContain("immutable");
            octets += (await sheet.Content.ReadAsByteArrayAsync(Cancelled)).Length;
        }

        octets.ShouldBeInRange(5_000, 20_000);
    }

    [Theory]
    [InlineData("", "", "en")]
    [InlineData("", "ja,en;q=0.8", "ja")]
    [InlineData("", "fr, en;q=0.5, ja;q=0.7", "ja")]
    [InlineData("?lang=ja", "en", "ja")]
    [InlineData("?lang=en", "ja", "en")]
    [InlineData("?lang=xx", "ja", "ja")]
    public async Task The_viewer_chooses_the_language_or_the_browser_does(string query, string accepted, string language) // UI: en and ja
    {
        await using var site = await Site.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in" + query);
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var answer = await site.Open().Client.SendAsync(request, Cancelled);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain($"<html lang=\"{language}\">");
    }

    [Fact]
    public async Task The_DNS_page_has_each_record_to_copy_with_its_cause_and_cure_in_the_viewer_s_language()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Admin);

        var page = WebUtility.HtmlDecode(await browser.ReadAsync("/admin/domains/lists.example/dns"));
        page.ShouldContain("lists.example has no SPF record.");
        page.ShouldContain("<pre class=\"message\"><code>lists.example. IN MX 10 mx.lists.example.</code></pre>");
        page.ShouldContain("_smtp._tls.lists.example could not be asked: no answer in time.");
        page.ShouldContain("version: STSv1\nmode: testing\nmx: mx.lists.example\n");
        WebUtility.HtmlDecode(await browser.ReadAsync("/admin/domains/lists.example/dns?lang=ja")).ShouldContain("lists.example に SPF レコードがありません。");
    }

    [Fact]
    public async Task A_chosen_language_stays()
    {
        await using var site = await Site.StartAsync();
        var browser = site.Open();
        await browser.ReadAsync("/sign-in?lang=ja");
        (await browser.ReadAsync("/")).ShouldContain("<html lang=\"ja\">");
    }
}
