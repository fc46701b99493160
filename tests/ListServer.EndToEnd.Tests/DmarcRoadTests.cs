using System.Text.Json;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>
/// A domain goes from nothing to p=reject, and back as its own mail fails (issue 7, the leaflet's steps 1 to 5): the program as it is built, nsd with the zone
/// and the one above it, receivers whose signed reports come by SMTP, and weeks that pass on the server's clock. The operator does what the program says, and no more.
/// </summary>
public sealed class DmarcRoadTests : IAsyncDisposable
{
    private const string NewsletterKey = "news._domainkey.lists.example.";

    private readonly int _port = FreePort.Take();
    private readonly MovedClock _clock = new();
    private readonly ReportedWorld _world = new();
    private readonly Nsd _nsd = Nsd.For([.. ReportedWorld.Zones, ReportedWorld.Domain]);
    private string _zone = "mx.lists.example. IN A 192.0.2.25\n";
    private Serving? _serving;
    private Stranger? _signer;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_domain_goes_from_nothing_to_reject_by_what_receivers_report()
    {
        await StartAsync();
        (await FaultsAsync()).ShouldBe(["mxMissing", "spfMissing", "dkimMissing", "dmarcMissing", "tlsReportsMissing"]);
        (await AdviceAsync("prepare", "nothing")).ShouldSatisfyAllConditions(a => Is(a, "hasSpf").ShouldBeFalse(), a => Is(a, "hasDkim").ShouldBeFalse(), a => Word(a, "record").ShouldBeNull());

        var shown = (await Listserver.RunAsync(Cancelled, "dns", "show", ReportedWorld.Domain, "--data", _serving!.Folder)).Output;
        await PublishAsync(string.Concat(shown.Split('\n').Where(line => !line.StartsWith("_dmarc", StringComparison.Ordinal)).Select(line => line + "\n")));
        (await FaultsAsync()).ShouldBe(["dmarcMissing"]);
        await FollowAsync("publish", "p=none");
        (await FaultsAsync()).ShouldBeEmpty();
        await AdviceAsync("wait", "watching");

        await WatchAsync();
        await ClimbAsync();
        await FallAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _signer?.Dispose();
        if (_serving is not null)
        {
            await _serving.DisposeAsync();
        }

        await _nsd.DisposeAsync();
        _clock.Dispose();
    }

    /// <summary>With p=none: what is ours and fails is found and mended, what is not is said.</summary>
    private async Task WatchAsync()
    {
        await WeeksAsync(2);
        var mend = await AdviceAsync("mend", "watching");
        Names(mend, "broken").ShouldBe(["news.example"]);
        Number(mend, "oursFailed").ShouldBe(2 * 13 * 5, "two receivers, of the last fourteen days, today has no report yet");
        Number(mend, "othersFailed").ShouldBe(2 * 14 * (7 + 3), "forgers keep nobody from going on");
        var service = (await _serving!.DoAsync(Cancelled, "report", "explain", ReportedWorld.Domain)).GetProperty("groups").EnumerateArray().First(group => Word(group, "name") == "news.example");
        (Word(service, "verdict"), Word(service, "cause"), Word(service, "record")).ShouldBe(("misconfigured", "keyNotFound", $"{NewsletterKey} IN TXT \"v=DKIM1; p=…\""));

        await PublishAsync(_zone + NewsletterKey + " IN TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n");
        await AdviceAsync("mend", "watching");
        await WeeksAsync(2);

        // Who comes once is a forger; who comes every day may be a service that nobody thought of.
        Names(await AdviceAsync("tell", "watching"), "unclear").ShouldHaveSingleItem()!.ShouldContain("203.0.113");
        await _serving.DoAsync(Cancelled, "report", "mark", ReportedWorld.Domain, ReportedWorld.Forger, "foreign");
    }

    private async Task ClimbAsync()
    {
        await FollowAsync("advance", "p=quarantine; t=y");
        await WeeksAsync(1);
        await FollowAsync("advance", "p=quarantine");
        await AdviceAsync("wait", "quarantine");
        await WeeksAsync(1);
        await LieAsync();
        await AdviceAsync("wait", "quarantine");
        await WeeksAsync(1);
        (await FollowAsync("advance", "p=reject; t=y")).ShouldSatisfyAllConditions(
            advice => Is(advice, "nearsReject").ShouldBeTrue(),
            advice => advice.GetProperty("notices").EnumerateObject().Select(notice => notice.Name).Order().ShouldBe(["en", "ja"]));
        await WeeksAsync(1);
        await FollowAsync("advance", "p=reject");
        await WeeksAsync(2);
        Number(await AdviceAsync("arrived", "reject"), "oursFailed").ShouldBe(0);
        (await FaultsAsync()).ShouldBeEmpty();
    }

    /// <summary>The service's key is gone: p=reject is withdrawn until what fails is mended.</summary>
    private async Task FallAsync()
    {
        await PublishAsync(string.Concat(_zone.Split('\n').Where(line => !line.StartsWith(NewsletterKey, StringComparison.Ordinal)).Select(line => line + "\n")));
        await WeeksAsync(1);
        Names(await FollowAsync("stepBack", "p=quarantine; t=y"), "broken").ShouldBe(["news.example"]);
        await WeeksAsync(1);
        await AdviceAsync("mend", "quarantineTest");
    }

    private async Task StartAsync()
    {
        await ServeZonesAsync();
        _serving = await Serving.StartAsync(
            Directory.CreateTempSubdirectory("listserver-e2e-").FullName,
            [$"HostName=mx.{ReportedWorld.Domain}", $"Smtp:Listen=127.0.0.1:{_port}", "Web:Listen=", $"Dns:Servers=127.0.0.1:{_nsd.Port}", $"Dns:AuthorityPort={_nsd.Port}", "Publish:MtaSts=none"],
            _clock.Environment,
            Cancelled);
        _signer = Stranger.Dkimpy(_nsd.Port);
        await _serving.DoAsync(Cancelled, "domain", "add", ReportedWorld.Domain);
        await _serving.DoAsync(Cancelled, "key", "generate", ReportedWorld.Domain, "--selector", "s1");
    }

    private async Task PublishAsync(string zone)
    {
        _zone = zone.Contains("mx.lists.example. IN A", StringComparison.Ordinal) ? zone : _zone + zone;
        await ServeZonesAsync();
    }

    private Task ServeZonesAsync() => _nsd.ServeAsync(zone => zone == ReportedWorld.Domain ? _zone : _world.RecordsOf(zone), Cancelled);

    /// <summary>The advice, which has to be this.</summary>
    private async Task<JsonElement> AdviceAsync(string move, string stage)
    {
        var advice = await _serving!.DoAsync(Cancelled, "dmarc", "advise", ReportedWorld.Domain);
        (Word(advice.GetProperty("step"), "move"), Word(advice, "stage")).ShouldBe((move, stage), advice.ToString());
        return advice;
    }

    /// <summary>Puts the record into the zone that the advice names, in place of the one before.</summary>
    private async Task<JsonElement> FollowAsync(string move, string policy)
    {
        var advice = await _serving!.DoAsync(Cancelled, "dmarc", "advise", ReportedWorld.Domain);
        Word(advice.GetProperty("step"), "move").ShouldBe(move, advice.ToString());
        Word(advice, "record").ShouldBe($"_dmarc.{ReportedWorld.Domain}. IN TXT \"v=DMARC1; {policy}; rua=mailto:dmarc-reports@{ReportedWorld.Domain}\"");
        await PublishAsync(string.Concat(_zone.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("_dmarc.", StringComparison.Ordinal)).Append(Word(advice, "record")).Select(line => line + "\n")));
        return advice;
    }

    private async Task WeeksAsync(int weeks)
    {
        var first = _clock.Today;
        _clock.Forward(7 * weeks);
        var posts = new List<object>();
        for (var day = first; day < _clock.Today; day = day.AddDays(1))
        {
            foreach (var receiver in _world.Receivers)
            {
                posts.Add(Envelope(receiver, await _world.MailAsync(receiver, day, _zone, _signer!, Cancelled)));
            }
        }

        await PostAsync(posts);
    }

    /// <summary>A report that nobody signed is taken and marked, and moves nobody.</summary>
    private async Task LieAsync()
    {
        await PostAsync([Envelope("bigmail.example", _world.Lie("bigmail.example", _clock.Today.AddDays(-1), _zone))]);
        (await _serving!.DoAsync(Cancelled, "report", "list", ReportedWorld.Domain, "--limit", "500")).EnumerateArray()
            .Count(report => report.GetProperty("doubt").ValueKind is JsonValueKind.String).ShouldBe(1);
    }

    private static object Envelope(string receiver, byte[] message) => new { mailFrom = $"dmarc@{receiver}", recipients = new[] { $"dmarc-reports@{ReportedWorld.Domain}" }, message };

    private async Task PostAsync(IEnumerable<object> posts) =>
        (await _signer!.AskAsync<Refusals>(new { op = "post", port = _port, posts }, Cancelled)).Refused.ShouldBeEmpty();

    private async Task<List<string?>> FaultsAsync()
    {
        var report = JsonDocument.Parse((await Listserver.RunAsync(Cancelled, "dns", "check", "--data", _serving!.Folder, "--json")).Octets).RootElement;
        var rows = report.GetProperty("domains")[0].GetProperty("rows").EnumerateArray().Concat(report.GetProperty("server").EnumerateArray());
        return [.. rows.Select(row => row.GetProperty("fault")).Where(fault => fault.ValueKind == JsonValueKind.Object).Select(fault => Word(fault, "kind"))];
    }

    private static string? Word(JsonElement answer, string name) => answer.GetProperty(name).GetString();

    private static bool Is(JsonElement answer, string name) => answer.GetProperty(name).GetBoolean();

    private static long Number(JsonElement advice, string name) => advice.GetProperty("step").GetProperty(name).GetInt64();

    private static IEnumerable<string?> Names(JsonElement advice, string name) => advice.GetProperty(name).EnumerateArray().Select(item => item.GetString());

    private sealed record Refusals(string[] Refused);
}
