using System.Net;
using ListServer.Admin;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Posts;
using ListServer.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ListServer.Web.Tests;

/// <summary>The pages over a desk that knows one list and one leave link.</summary>
public sealed class PagesTests
{
    [Fact]
    public async Task The_overview_names_lists_and_encodes_what_people_wrote()
    {
        await using var site = await Site.StartAsync(showOverview: true);

        var page = await site.Client.GetStringAsync("/", Cancelled);

        page.ShouldContain("&lt;b&gt;Talk");
        page.ShouldContain("talk@lists.example");
        page.ShouldNotContain("<b>Talk");
        page.ShouldNotContain("<script");
    }

    [Fact]
    public async Task Without_the_overview_nothing_of_the_lists_is_shown()
    {
        await using var site = await Site.StartAsync(showOverview: false);
        (await site.Client.GetStringAsync("/", Cancelled)).ShouldNotContain("talk@lists.example");
        (await site.Client.GetAsync("/posts/any", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/u/good")]
    [InlineData("/posts/none")]
    public async Task Every_page_forbids_scripts_frames_and_foreign_origins(string path) // SEC-22, SEC-23
    {
        await using var site = await Site.StartAsync(showOverview: true);
        using var answer = await site.Client.GetAsync(path, Cancelled);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
    }

    [Fact]
    public async Task A_leave_link_is_shown_by_GET_and_followed_by_POST_without_a_cookie() // SEC-27, RFC 8058
    {
        await using var site = await Site.StartAsync(showOverview: false);

        using var shown = await site.Client.GetAsync("/u/good", Cancelled);
        (await shown.Content.ReadAsStringAsync(Cancelled)).ShouldContain("<button type=\"submit\">");
        shown.Headers.Contains("Set-Cookie").ShouldBeFalse();

        using var left = await site.Client.PostAsync("/u/good", new StringContent("List-Unsubscribe=One-Click"), Cancelled);
        left.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await left.Content.ReadAsStringAsync(Cancelled)).ShouldContain("You have left");
        (await site.Client.GetAsync("/u/bad", Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_style_sheet_is_named_by_its_hash_and_kept_for_ever()
    {
        await using var site = await Site.StartAsync(showOverview: false);
        var page = await site.Client.GetStringAsync("/", Cancelled);
        var path = page[page.IndexOf("/assets/app.", StringComparison.Ordinal)..];

        using var sheet = await site.Client.GetAsync(path[..path.IndexOf('"', StringComparison.Ordinal)], Cancelled);

        sheet.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        sheet.Headers.CacheControl!.ToString().ShouldContain("immutable");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private sealed class Site(WebApplication application) : IAsyncDisposable
    {
        public HttpClient Client { get; } = new()
        {
            BaseAddress = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };

        public static async Task<Site> StartAsync(bool showOverview)
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddSingleton<IAdminDesk>(new OneListDesk());
            builder.Services.AddWebFace(new WebSettings(showOverview));
            var application = builder.Build();
            application.MapWebFace();
            await application.StartAsync(Cancelled);
            return new Site(application);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await application.DisposeAsync();
        }
    }

    private sealed class OneListDesk : IAdminDesk
    {
        private static readonly MailingList Talk = new() { LocalPart = "talk", Domain = "lists.example", DisplayName = "<b>Talk" };

        public Task<Outcome<T>> RunAsync<T>(UseCase<T> useCase, CancellationToken cancellationToken) => Task.FromResult(useCase switch
        {
            BrowseLists => Done<T>((IReadOnlyList<ListSummary>)[new ListSummary(Talk, 2, 0)]),
            BrowsePosts => Done<T>((IReadOnlyList<Post>)[]),
            ShowLeaveLink { Token: "good" } => Done<T>(new LeaveLink("Talk", "ken@example.com", IsMember: true)),
            LeaveByToken { Token: "good" } => Done<T>(new LeaveLink("Talk", "ken@example.com", IsMember: false)),
            _ => new Outcome<T>.Refused(Refusal.NotFound, "not here"),
        });

        private static Outcome<T> Done<T>(object answer) => new Outcome<T>.Done((T)answer);
    }
}
