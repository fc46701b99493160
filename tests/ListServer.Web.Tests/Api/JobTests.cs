using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ListServer.Admin.Jobs;
using ListServer.Admin.Members;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using ListServer.Lists.Jobs;
using ListServer.Store.Changes;

namespace ListServer.Web.Tests.Api;

/// <summary>What takes longer than a request, and what is told while it goes on.</summary>
public sealed class JobTests
{
    private const string Talk = "/lists/" + Site.Talk;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_import_is_a_job_whose_progress_is_told_to_its_end()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        var file = string.Join('\n', Enumerable.Range(1, 2_500).Select(n => $"m{n}@people.example")) + $"\n{Site.Member}\nno address\n";
        (await owner.SendAsync("POST", Talk + "/imports", file, ("Content-Type", "text/csv"))).Problem.ShouldBe("invalid");
        var begun = await owner.SendAsync("POST", Talk + "/imports?skipBad=true&fileName=club.csv&wording=Yes", file, ("Content-Type", "text/csv"), ("Idempotency-Key", "import-1"));
        begun.Status.ShouldBe(HttpStatusCode.Accepted, begun.Text);
        var path = begun.Headers.Location!.ToString()["/api/v1".Length..];

        var told = await owner.GetAsync(path + "/events");
        told.MediaType.ShouldBe("text/event-stream");
        var last = JsonDocument.Parse(told.Text.Split("data: ")[^1].Trim()).RootElement;
        (last.GetProperty("state").GetString(), last.GetProperty("handled").GetInt32(), last.GetProperty("added").GetInt32(), last.GetProperty("alreadyMembers").GetInt32(), last.GetProperty("bad").GetInt32())
            .ShouldBe(("done", 2_501, 2_500, 1, 1));
        last.GetProperty("badLines")[0].GetString()!.ShouldStartWith("line 2502: ");
        site.Store.CountMembers(Site.Talk).ShouldBe(2_503);
        var member = (await site.DoAsync(new ShowMember(Site.Talk, "m2500@people.example"))).Member;
        (member.Source, member.Wording).ShouldBe(($"imported from club.csv by {Site.Owner}", "Yes"));

        var again = await owner.SendAsync("POST", Talk + "/imports?skipBad=true&fileName=club.csv&wording=Yes", file, ("Content-Type", "text/csv"), ("Idempotency-Key", "import-1"));
        again.Headers.Location.ShouldBe(begun.Headers.Location);
        site.Store.Jobs().Count.ShouldBe(1);
        (await owner.GetAsync("/jobs")).Json.GetArrayLength().ShouldBe(1);
        using var moderator = await ApiClient.OfAsync(site, Site.Moderator);
        (await moderator.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await moderator.GetAsync(path + "/events")).Problem.ShouldBe("not-found");
    }

    [Fact]
    public async Task A_synchronisation_is_whole_or_not_done()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        var bad = await owner.SendAsync("POST", Talk + "/syncs", "no address\n", ("Content-Type", "text/csv"));
        var failed = await owner.GetAsync($"/jobs/{bad.Value("id")}/events");
        failed.Text.ShouldContain("\"state\":\"failed\"");
        failed.Text.ShouldContain("Nothing was changed");
        site.Store.CountMembers(Site.Talk).ShouldBe(3);

        var begun = await owner.SendAsync("POST", Talk + "/syncs?fileName=club.csv", "email,name\naki@people.example,秋\n", ("Content-Type", "text/csv"));
        var done = await owner.GetAsync($"/jobs/{begun.Value("id")}/events");
        done.Text.ShouldContain("\"added\":1,\"removed\":1");
        site.Store.FindMember(Site.Talk, "aki@people.example")!.DisplayName.ShouldBe("秋");
        site.Store.FindMember(Site.Talk, Site.Member).ShouldBeNull();
        site.Store.FindMember(Site.Talk, Site.Owner).ShouldNotBeNull("who runs a list stays");
    }

    [Theory]
    [InlineData("text/plain", "wrong-media-type")]
    [InlineData("application/json", "wrong-media-type")]
    public async Task A_file_of_another_type_is_refused(string type, string problem)
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        (await owner.SendAsync("POST", Talk + "/imports", "a@b.example", ("Content-Type", type))).Problem.ShouldBe(problem);
        (await owner.SendAsync("POST", Talk + "/imports", "# nobody", ("Content-Type", "text/csv"))).Problem.ShouldBe("invalid");
        site.Store.Jobs().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_job_counted_when_the_server_ended_is_what_is_on_the_list()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        var job = await site.DoAsync(new StartImport(Site.Talk, string.Join('\n', Enumerable.Range(1, 20).Select(n => $"m{n}@people.example"))));
        await site.DoAsync(new ImportBatch(job.Id, [.. Enumerable.Range(1, 8).Select(n => new ImportLine($"m{n}@people.example", ""))], "club.csv", ""));
        await site.DoAsync(new InterruptJobs());

        var seen = await owner.GetAsync("/jobs/" + job.Id);
        (seen.Value("state"), seen.Value("added"), seen.Value("total")).ShouldBe(("interrupted", "8", "20"));
        site.Store.CountMembers(Site.Talk).ShouldBe(11);
        await Should.ThrowAsync<InvalidOperationException>(() => site.DoAsync(new ImportBatch(job.Id, [new ImportLine("late@people.example", "")], "club.csv", "")));
        (await owner.SendAsync("POST", $"/jobs/{job.Id}/stop", null)).Problem.ShouldBe("conflict");
    }

    [Fact]
    public async Task Who_joins_in_between_keeps_what_they_are()
    {
        await using var site = await Site.StartAsync();
        var job = await site.DoAsync(new StartImport(Site.Talk, "a@people.example\nb@people.example\n"));
        await site.DoAsync(new AddMember(Site.Talk, "b@people.example") { Role = MemberRole.Moderator });
        var done = await site.DoAsync(new ImportBatch(job.Id, [new ImportLine("a@people.example", ""), new ImportLine("b@people.example", "")], "club.csv", ""));
        (done.State, done.Added, done.AlreadyMembers).ShouldBe((JobState.Done, 1, 1));
        site.Store.FindMember(Site.Talk, "b@people.example")!.Role.ShouldBe(MemberRole.Moderator);
    }

    [Fact]
    public async Task Counters_are_told_when_they_change_and_no_longer_than_the_session_lasts()
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Moderator);
        using var answer = await browser.GetAsync(Talk + "/live");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        (await NextAsync(reader)).ShouldBe("{\"members\":3,\"held\":0}");
        await site.FillPostsAsync();
        string? line;
        do
        {
            line = await NextAsync(reader);
        }
        while (line != "{\"members\":3,\"held\":3}");

        await site.Store.CommitAsync(new SessionsClosed([.. site.Store.Sessions(Site.Moderator).Select(session => session.Hash)]), Cancelled);
        await site.DoAsync(new AddMember(Site.Talk, "aki@people.example"));
        (await NextAsync(reader)).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_that_is_revoked_hears_nothing_more()
    {
        await using var site = await Site.StartAsync();
        using var owner = await ApiClient.OfAsync(site, Site.Owner);
        var job = await site.DoAsync(new StartImport(Site.Talk, "a@people.example\nb@people.example\n"));
        using var client = new HttpClient { BaseAddress = site.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", owner.Token);
        using var answer = await client.GetAsync($"/api/v1/jobs/{job.Id}/events", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        (await NextAsync(reader)).ShouldNotBeNull().ShouldContain("\"state\":\"running\"");

        await site.DoAsync(new RevokeToken((await site.DoAsync(new BrowseTokens(Site.Owner))).Single().Id));
        await site.DoAsync(new ImportBatch(job.Id, [new ImportLine("a@people.example", "")], "club.csv", ""));
        (await NextAsync(reader)).ShouldBeNull("SEC-24");
    }

    private static async Task<string?> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line["data: ".Length..];
            }
        }

        return null;
    }
}
