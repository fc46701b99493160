using System.IO.Compression;
using System.Net;
using System.Text;
using System.Xml.Linq;
using ListServer.Admin.Archiving;
using ListServer.Admin.Audit;
using ListServer.Admin.Lists;
using ListServer.Lists.Archiving;
using ListServer.Web.Archive;

namespace ListServer.Web.Tests;

/// <summary>The archive's pages: who reads them, and that nothing in a message acts on a reader (SEC-22).</summary>
public sealed class ArchivePagesTests
{
    private const string Path = "/l/talk@lists.example";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Threads_messages_search_and_feed_are_read_without_a_script()
    {
        await using var site = await OpenAsync(
            Mail("a@x", "会議の予定", "Hello\n\nSee https://example.org/a?b=1&c=2 or ken@secret.example\n"),
            Mail("b@x", "Re: 会議の予定", string.Concat(Enumerable.Repeat("> quoted\n", 6)) + "yes\n", "In-Reply-To: <a@x>\n"));
        var browser = site.Open();

        (await browser.ReadAsync(Path)).ShouldContain("2 messages");
        (await browser.ReadAsync(Path + "/archive")).ShouldContain($"href=\"{Path}/t/{MessageIdHash.Of("a@x")}\"");
        var thread = WebUtility.HtmlDecode(await browser.ReadAsync($"{Path}/t/{MessageIdHash.Of("b@x")}"));
        thread.ShouldContain("<a href=\"https://example.org/a?b=1&c=2\" rel=\"nofollow noopener noreferrer ugc\">");
        thread.ShouldContain("ken@…");
        thread.ShouldNotContain("secret.example");
        thread.ShouldContain("Quoted text, 6 lines");
        thread.ShouldContain("answers Ann");
        thread.ShouldNotContain("<script", Case.Insensitive);
        WebUtility.HtmlDecode(await browser.ReadAsync(Path + "/search?q=%E4%BC%9A%E8%AD%B0+from%3Aann")).ShouldContain("会議の予定");
        WebUtility.HtmlDecode(await browser.ReadAsync(Path + "/search?q=after%3Asoon")).ShouldContain("'soon' is no day.");
        (await browser.ReadAsync(Path + "/archive?lang=ja")).ShouldContain("lang=\"ja\"");

        using var feed = await browser.GetAsync(Path + "/feed.atom");
        feed.Content.Headers.ContentType!.MediaType.ShouldBe("application/atom+xml");
        XDocument.Parse(await feed.Content.ReadAsStringAsync(Cancelled)).Root!.Elements().Count(element => element.Name.LocalName == "entry").ShouldBe(2);
    }

    [Theory]
    [InlineData(ArchiveAccess.Public, "", HttpStatusCode.OK)]
    [InlineData(ArchiveAccess.Members, "", HttpStatusCode.NotFound)]
    [InlineData(ArchiveAccess.Members, Site.Member, HttpStatusCode.OK)]
    [InlineData(ArchiveAccess.Members, "else@people.example", HttpStatusCode.NotFound)]
    [InlineData(ArchiveAccess.Private, Site.Member, HttpStatusCode.NotFound)]
    [InlineData(ArchiveAccess.Private, Site.Moderator, HttpStatusCode.NotFound)]
    [InlineData(ArchiveAccess.Private, Site.Owner, HttpStatusCode.OK)]
    [InlineData(ArchiveAccess.Private, Site.Admin, HttpStatusCode.OK)]
    [InlineData(ArchiveAccess.Off, Site.Member, HttpStatusCode.NotFound)]
    public async Task Only_those_read_an_archive_whom_the_list_lets(ArchiveAccess access, string reader, HttpStatusCode expected)
    {
        await using var site = await OpenAsync(Mail("a@x", "One", "text", file: ("a.txt", "text/plain")));
        await site.DoAsync(new ChangeList(Site.Talk, new ListSettings { Archive = access }));
        var (browser, hash) = (reader.Length == 0 ? site.Open() : await site.SignInAsync(reader), MessageIdHash.Of("a@x"));

        foreach (var page in (string[])["", "/archive", $"/t/{hash}", $"/m/{hash}", $"/m/{hash}/html", $"/m/{hash}/raw", $"/m/{hash}/a/0", "/search?q=one", "/feed.atom", "/mbox/2027-02.mbox.gz"])
        {
            using var answer = await browser.GetAsync(Path + page);
            answer.StatusCode.ShouldBe(expected, page);
        }
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("javascript:alert(1)")]
    [InlineData("</title><svg onload=alert(1)>")]
    [InlineData("{{constructor.constructor('alert(1)')()}}")]
    public async Task What_an_author_calls_things_is_text_on_every_page(string payload)
    {
        await using var site = await OpenAsync(Mail("a@x", payload, payload, from: $"\"{payload.Replace("\"", "\\\"", StringComparison.Ordinal)}\" <a@x.example>", file: (payload, "text/html")));
        var (browser, hash) = (site.Open(), MessageIdHash.Of("a@x"));

        foreach (var page in (string[])["", "/archive", $"/t/{hash}", $"/m/{hash}", "/search?q=" + Uri.EscapeDataString(payload)])
        {
            var html = await browser.ReadAsync(Path + page);
            html.ShouldNotContain("<script", Case.Insensitive);
            html.ShouldNotContain("<svg", Case.Insensitive);
            html.ShouldNotContain("<img", Case.Insensitive);
            html.ShouldNotContain("href=\"javascript", Case.Insensitive);
        }
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "")]
    [InlineData("<b onclick=alert(1)>x</b>", "<b>x</b>")]
    [InlineData("<img src=https://tracker.example/1.gif>", "<img>")]
    [InlineData("<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">", "<img>")]
    [InlineData("<img src=\"data:image/png;base64,AAAA\">", "<img src=\"data:image/png;base64,AAAA\">")]
    [InlineData("<p style=\"background:url(https://tracker.example/)\">x</p>", null)]
    [InlineData("<form action=/lists><input name=q><button>go</button></form>", "")]
    [InlineData("<iframe src=//x></iframe><object data=x></object><embed src=x><base href=//x><meta http-equiv=refresh content=0>", "")]
    [InlineData("<a href=\"data:text/html,x\">x</a>", "<a target=\"_blank\" rel=\"nofollow noopener noreferrer ugc\">x</a>")]
    [InlineData("<a href=\"https://x.example/\">x</a>", "<a href=\"https://x.example/\" target=\"_blank\" rel=\"nofollow noopener noreferrer ugc\">x</a>")]
    [InlineData("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", null)]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", null)]
    public void HTML_keeps_its_form_and_nothing_that_acts_or_loads(string html, string? expected)
    {
        var clean = HtmlPart.Clean(html);

        clean.ShouldBe(expected ?? clean);
        clean.ShouldNotContain("onerror", Case.Insensitive);
        clean.ShouldNotContain("tracker");
    }

    [Fact]
    public void HTML_nested_to_break_parsers_is_not_shown() => HtmlPart.Clean(string.Concat(Enumerable.Repeat("<div>", 100_000))).ShouldBe("");

    [Fact]
    public async Task HTML_stands_in_a_frame_without_rights_and_under_a_policy_of_its_own()
    {
        await using var site = await OpenAsync("From: Ann <a@x.example>\r\nMessage-ID: <a@x>\r\nContent-Type: text/html\r\n\r\n<p>Hello <script>alert(1)</script>ken@secret.example</p>\r\n");
        var (browser, hash) = (site.Open(), MessageIdHash.Of("a@x"));

        (await browser.ReadAsync($"{Path}/m/{hash}")).ShouldContain("sandbox=\"allow-popups allow-popups-to-escape-sandbox\"");
        using var frame = await browser.GetAsync($"{Path}/m/{hash}/html");
        var policy = frame.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("sandbox allow-popups");
        policy.ShouldNotContain("allow-scripts");
        policy.ShouldNotContain("allow-same-origin");
        var html = await frame.Content.ReadAsStringAsync(Cancelled);
        html.ShouldContain("<p>Hello ken@…</p>");
        html.ShouldNotContain("<script");
    }

    [Theory]
    [InlineData("../../x.html", "text/html", "application/octet-stream", "x.html")]
    [InlineData("x.svg", "image/svg+xml", "application/octet-stream", "x.svg")]
    [InlineData("notes.txt", "text/plain", "text/plain", "notes.txt")]
    public async Task A_file_is_saved_and_never_opened(string name, string type, string served, string saved)
    {
        await using var site = await OpenAsync(Mail("a@x", "One", "text", file: (name, type)));

        using var answer = await site.Open().GetAsync($"{Path}/m/{MessageIdHash.Of("a@x")}/a/0");

        answer.Content.Headers.ContentType!.MediaType.ShouldBe(served);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Content.Headers.ContentDisposition.FileName.ShouldBe(saved);
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldBe("file");
    }

    [Fact]
    public async Task Originals_that_anybody_may_read_hide_addresses_and_a_member_s_are_whole()
    {
        await using var site = await OpenAsync(Mail("a@x", "One", "write to ken@secret.example", from: "Ann <ann@secret.example>"));
        var raw = $"{Path}/m/{MessageIdHash.Of("a@x")}/raw";

        var shown = await site.Open().ReadAsync(raw);
        shown.ShouldContain("From: Ann <ann@masked.invalid>");
        shown.ShouldContain("Message-ID: <a@x>");
        shown.ShouldNotContain("secret.example");
        (await (await site.SignInAsync(Site.Member)).ReadAsync(raw)).ShouldContain("ken@secret.example");

        using var zipped = await site.Open().GetAsync(Path + "/mbox/2027-02.mbox.gz");
        zipped.Content.Headers.ContentDisposition!.FileName.ShouldBe("2027-02.mbox.gz");
        await using var unzipped = new GZipStream(await zipped.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        var mbox = await new StreamReader(unzipped).ReadToEndAsync(Cancelled);
        mbox.ShouldStartWith("From MAILER-DAEMON Sun Feb 28");
        mbox.ShouldNotContain("secret.example");
    }

    [Theory]
    [InlineData("/t/..%2f..%2fsecret")]
    [InlineData("/m/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/mbox/..%2fx.mbox.gz")]
    [InlineData("/mbox/2027-99.mbox.gz")]
    public async Task What_is_not_there_is_told_so(string page)
    {
        await using var site = await OpenAsync(Mail("a@x", "One", "text"));

        using var answer = await site.Open().GetAsync(Path + page);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_was_taken_down_is_gone_from_every_page()
    {
        await using var site = await OpenAsync(Mail("a@x", "Secret", "text"), Mail("b@x", "Other", "text"));
        await site.DoAsync(new TakeDown(Site.Talk, "<a@x>", null));

        using var answer = await site.Open().GetAsync($"{Path}/m/{MessageIdHash.Of("a@x")}");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await site.Open().ReadAsync(Path + "/archive")).ShouldNotContain("Secret");
        (await site.DoAsync(new BrowseAudit(Site.Talk))).Single(entry => entry.What == nameof(TakeDown)).Fields.Select(field => (field.Name, field.After)).ShouldBe([(MessageIdHash.Of("a@x"), "taken down")]);
    }

    private static async Task<Site> OpenAsync(params string[] messages)
    {
        var site = await Site.StartAsync();
        await site.DoAsync(new ChangeList(Site.Talk, new ListSettings { Archive = ArchiveAccess.Public }));
        await site.DoAsync(new ImportArchive(Site.Talk, [.. messages.Select(message => new MboxMessage(Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n")), null))]));
        return site;
    }

    private static string Mail(string id, string subject, string body, string more = "", string from = "Ann <ann@x.example>", (string Name, string Type)? file = null)
    {
        var header = $"From: {from}\nSubject: {subject}\nMessage-ID: <{id}>\nDate: Sun, 28 Feb 2027 09:00:00 +0000\nMIME-Version: 1.0\n{more}";
        return file is { } attached
            ? $"{header}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{body}\n--b\n"
                + $"Content-Type: {attached.Type}\nContent-Disposition: attachment; filename=\"{attached.Name.Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n\nfile\n--b--\n"
            : $"{header}Content-Type: text/plain; charset=utf-8\n\n{body}\n";
    }
}
