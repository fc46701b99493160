using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using ListServer.Admin;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Admin.Webhooks;
using ListServer.Lists;
using ListServer.Lists.Notices;
using ListServer.Lists.Reports;
using ListServer.Lists.Webhooks;
using ListServer.Outbound.Tls;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Tests.Outbound;
using ListServer.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Webhooks;

/// <summary>What receivers of webhooks get, against a receiver on loopback.</summary>
public sealed class WebhookCourierTests : IAsyncLifetime
{
    private const string List = "talk@lists.example";

    private readonly string _folder = Directory.CreateTempSubdirectory("listserver-webhooks-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<(string Path, string Signature, string Id, string Body)> _heard = new();
    private readonly ConcurrentQueue<int> _statuses = new();
    private WebApplication _receiver = null!;
    private ListStore _store = null!;
    private LocalDesk _desk = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Address => _receiver.Urls.Single();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            _heard.Enqueue((http.Request.Path, http.Request.Headers["Webhook-Signature"].ToString(), http.Request.Headers["Webhook-Id"].ToString(), await reader.ReadToEndAsync(http.RequestAborted)));
            http.Response.StatusCode = _statuses.TryDequeue(out var status) ? status : StatusCodes.Status200OK;
            http.Response.Headers.Location = "/elsewhere";
        });
        await _receiver.StartAsync(Cancelled);
        Open();
        await _store.CommitAsync([new DomainSaved(new MailDomain("lists.example")), new ListSaved(new MailingList { LocalPart = "talk", Domain = "lists.example", DisplayName = "Talk" })], Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _receiver.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_happens_is_told_in_its_order_and_signed_with_the_secret_that_was_shown()
    {
        var made = await DoAsync(new AddWebhook(List, Address + "/hook", [WebhookKinds.MemberJoined, WebhookKinds.MemberLeft]));
        await DoAsync(new AddMember(List, "aki@people.example") { DisplayName = "秋" });
        await DoAsync(new SetMember(List, "aki@people.example") { OwnCopies = false });
        await DoAsync(new RemoveMember(List, "aki@people.example"));

        await RunUntilAsync(2);

        _heard.Select(told => JsonDocument.Parse(told.Body).RootElement.GetProperty("event").GetString()).ShouldBe(["member.joined", "member.left"]);
        var (path, signature, id, body) = _heard.First();
        path.ShouldBe("/hook");
        signature.ShouldBe(WebhookSignature.Sign(_time.GetUtcNow(), body, made.Secret));
        var json = JsonDocument.Parse(body).RootElement;
        json.GetProperty("id").GetString().ShouldBe(id);
        json.GetProperty("list").GetString().ShouldBe(List);
        json.GetProperty("data").GetProperty("members")[0].GetProperty("displayName").GetString().ShouldBe("秋");
        (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).ShouldAllBe(told => told.DeliveredAt == _time.GetUtcNow() && told.Answer == "200");
        Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal))
            .ShouldAllBe(file => !Contains(file, made.Secret), "the secret is kept nowhere (SEC-28)");
    }

    [Fact]
    public async Task What_was_committed_is_told_though_the_server_ended_in_between()
    {
        await DoAsync(new AddWebhook(null, Address + "/all", []));
        await DoAsync(new AddMember(List, "aki@people.example"));
        await _store.DisposeAsync();
        foreach (var settled in Directory.GetFiles(_folder, "lists.settled"))
        {
            File.Delete(settled); // as after kill -9: the tables are made again from the journal
        }

        Open();
        _store.WaitingWebhooks().Single().Events.ShouldBe(1);
        await RunUntilAsync(1);
        _heard.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_receiver_that_fails_is_told_again_ever_later_and_by_hand()
    {
        var made = await DoAsync(new AddWebhook(List, Address, []));
        _statuses.Enqueue(503);
        _statuses.Enqueue(500);
        await DoAsync(new AddMember(List, "aki@people.example"));

        await RunUntilAsync(1);
        var first = (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).Single();
        (first.Attempts, first.Answer, first.NextAttempt).ShouldBe((1, "503", _time.GetUtcNow().AddSeconds(30)));
        _time.Advance(TimeSpan.FromSeconds(30));
        await RunUntilAsync(1);
        (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).Single().NextAttempt.ShouldBe(_time.GetUtcNow().AddSeconds(60));

        (await DoAsync(new ReplayWebhook(made.Webhook.Id))).ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(60));
        await RunUntilAsync(1);
        (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).Single().DeliveredAt.ShouldBe(_time.GetUtcNow());
        _heard.Select(told => told.Id).Distinct().Count().ShouldBe(1, "the same event, however often");
        (await DoAsync(new ReplayWebhook(made.Webhook.Id))).ShouldBe(0);
        (await DoAsync(new ReplayWebhook(made.Webhook.Id, first.Id))).ShouldBe(1);
    }

    [Theory]
    [InlineData(302, true)]
    [InlineData(410, false)]
    public async Task A_redirect_is_not_followed_and_who_is_gone_is_told_nothing_more(int status, bool isTriedAgain)
    {
        var made = await DoAsync(new AddWebhook(List, Address, []));
        _statuses.Enqueue(status);
        await DoAsync(new TestWebhook(made.Webhook.Id));
        await RunUntilAsync(1);
        _heard.Count.ShouldBe(1);
        (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).Single().NextAttempt.HasValue.ShouldBe(isTriedAgain);
        (await DoAsync(new ShowWebhook(made.Webhook.Id))).DisabledAt.HasValue.ShouldBe(!isTriedAgain);
    }

    [Fact]
    public async Task A_receiver_that_takes_nothing_for_three_days_is_given_up_with_a_notice_until_somebody_enables_it()
    {
        var made = await DoAsync(new AddWebhook(List, Address + "/?key=word", []));
        await DoAsync(new AddMember(List, "aki@people.example"));
        await DoAsync(new AddMember(List, "hana@people.example"));
        _statuses.Enqueue(500);
        _statuses.Enqueue(500);
        await RunUntilAsync(1);
        (await DoAsync(new ShowWebhook(made.Webhook.Id))).FailingSince.ShouldBe(_time.GetUtcNow());
        _time.Advance(WebhookCourier.MostFailing);
        await RunUntilAsync(1);

        var given = await DoAsync(new ShowWebhook(made.Webhook.Id));
        (given.DisabledAt, given.DisabledFor).ShouldBe((_time.GetUtcNow(), "500"));
        _store.HasWebhookEvents.ShouldBeFalse();
        var owed = _store.OwedNotices().Single();
        (owed.Kind, owed.List, owed.To, owed.About, owed.Reason).ShouldBe((NoticeKind.WebhookDisabled, List, "", "127.0.0.1", "500"));
        await DoAsync(new AddMember(List, "ume@people.example"));
        (await _desk.RunAsync(new ReplayWebhook(made.Webhook.Id), Cancelled)).ShouldBeOfType<Outcome<int>.Refused>().Kind.ShouldBe(Refusal.Conflict);

        await DoAsync(new EnableWebhook(made.Webhook.Id));
        (await DoAsync(new ReplayWebhook(made.Webhook.Id))).ShouldBe(2);
        await RunUntilAsync(2);
        (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).ShouldAllBe(told => told.DeliveredAt == _time.GetUtcNow());
        (await DoAsync(new ShowWebhook(made.Webhook.Id))).FailingSince.ShouldBeNull();
    }

    [Fact]
    public async Task For_a_day_after_a_renewal_both_secrets_sign()
    {
        var made = await DoAsync(new AddWebhook(List, Address, []));
        var renewed = await DoAsync(new RenewWebhookSecret(made.Webhook.Id));
        renewed.Secret.ShouldNotBe(made.Secret);
        (await _desk.RunAsync(new RenewWebhookSecret(made.Webhook.Id), Cancelled)).ShouldBeOfType<Outcome<MadeWebhook>.Refused>().Kind.ShouldBe(Refusal.Conflict);
        await DoAsync(new TestWebhook(made.Webhook.Id));
        await RunUntilAsync(1);
        _heard.Last().Signature.ShouldBe(WebhookSignature.Sign(_time.GetUtcNow(), _heard.Last().Body, renewed.Secret, made.Secret));

        _time.Advance(Webhook.OldSecretLifetime);
        await DoAsync(new TestWebhook(made.Webhook.Id));
        await RunUntilAsync(1);
        _heard.Last().Signature.ShouldBe(WebhookSignature.Sign(_time.GetUtcNow(), _heard.Last().Body, renewed.Secret));
    }

    [Fact]
    public async Task A_receiver_that_fails_keeps_no_other_waiting()
    {
        var down = await DoAsync(new AddWebhook(List, "http://inside.example:1/", []));
        await DoAsync(new AddWebhook(List, Address, []));
        await DoAsync(new AddMember(List, "aki@people.example"));
        await DoAsync(new AddMember(List, "hana@people.example"));
        await RunUntilAsync(3);
        _heard.Count.ShouldBe(2);
        (await DoAsync(new BrowseDeliveries(down.Webhook.Id))).Select(told => told.Attempts).ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("inside.example")]
    public async Task No_webhook_reaches_this_machine_or_what_is_behind_it_unless_the_operator_says_so(string host)
    {
        var made = await DoAsync(new AddWebhook(List, $"http://{host}:{new Uri(Address).Port}/", []));
        await DoAsync(new TestWebhook(made.Webhook.Id));
        await RunUntilAsync(1, []);
        _heard.ShouldBeEmpty();
        (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).Single().Answer.ShouldContain("no address in a network that is allowed without TLS");

        _time.Advance(TimeSpan.FromSeconds(30));
        await RunUntilAsync(1);
        _heard.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("https", "no address of the Internet")]
    [InlineData("http", "no address in a network that is allowed without TLS")]
    public async Task Without_TLS_only_the_networks_that_the_operator_named_are_reached(string scheme, string answer)
    {
        var made = await DoAsync(new AddWebhook(null, $"{scheme}://127.0.0.1:{new Uri(Address).Port}/", []));
        await DoAsync(new TestWebhook(made.Webhook.Id));
        await RunUntilAsync(1, [IPNetwork.Parse("10.1.0.0/16")]);
        _heard.ShouldBeEmpty();
        (await DoAsync(new BrowseDeliveries(made.Webhook.Id))).Single().Answer.ShouldContain(answer);
    }

    [Theory]
    [InlineData("http://hooks.example.org/", false, false)]
    [InlineData("http://hooks.example.org/", true, true)]
    [InlineData("https://hooks.example.org/x?y=z", false, true)]
    [InlineData("https://name:word@hooks.example.org/", false, false)]
    [InlineData("ftp://hooks.example.org/", true, false)]
    [InlineData("hooks.example.org", false, false)]
    public async Task A_webhook_leads_to_a_web_address_with_TLS(string url, bool isClearAllowed, bool isTaken)
    {
        var desk = new LocalDesk(new AdminContext(_store, _time, "ken") { ClearWebhooks = isClearAllowed });
        (await desk.RunAsync(new AddWebhook(null, url, []), Cancelled) is Outcome<MadeWebhook>.Done).ShouldBe(isTaken);
    }

    [Fact]
    public async Task Reports_are_told_to_webhooks_of_the_server_only()
    {
        (await _desk.RunAsync(new AddWebhook(List, Address, [WebhookKinds.ReportReceived]), Cancelled)).ShouldBeOfType<Outcome<MadeWebhook>.Refused>();
        await DoAsync(new AddWebhook(List, Address + "/list", []));
        await DoAsync(new AddWebhook(null, Address + "/server", []));
        var report = new ReceivedReport("r1", "lists.example", ReportKind.Dmarc)
        {
            PolicyDomain = "lists.example",
            Organization = "Big Mail",
            ReportId = "42",
            Begin = _time.GetUtcNow().AddDays(-1),
            End = _time.GetUtcNow(),
            ReceivedAt = _time.GetUtcNow(),
            From = "reports@big.example",
        };
        await _store.CommitAsync(new DmarcReportTaken(report, []), Cancelled);
        await _store.CommitAsync(new DmarcReportTaken(report, []), Cancelled);
        await RunUntilAsync(1);
        var (path, _, _, body) = _heard.ShouldHaveSingleItem();
        path.ShouldBe("/server");
        var told = JsonDocument.Parse(body).RootElement;
        (told.GetProperty("event").GetString(), told.GetProperty("data").GetProperty("organization").GetString()).ShouldBe(("report.received", "Big Mail"));
        body.ShouldNotContain("reports@big.example");
    }

    [Fact]
    public async Task A_list_that_is_removed_takes_its_webhooks_with_it()
    {
        await DoAsync(new AddWebhook(List, Address, []));
        await DoAsync(new AddMember(List, "aki@people.example"));
        await DoAsync(new RemoveList(List));
        _store.Webhooks().ShouldBeEmpty();
        _store.HasWebhookEvents.ShouldBeFalse();
    }

    private static bool Contains(string file, string text) => File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;

    private void Open()
    {
        _store = ListStore.Open(new StoreOptions(_folder), _time, NullLogger.Instance);
        _desk = new LocalDesk(new AdminContext(_store, _time, "ken") { ClearWebhooks = true });
    }

    private async Task<T> DoAsync<T>(UseCase<T> useCase) => (await _desk.RunAsync(useCase, Cancelled)).ShouldBeOfType<Outcome<T>.Done>().Answer;

    /// <summary>Lets the courier go until so many attempts are written down.</summary>
    private async Task RunUntilAsync(int attempts, ImmutableArray<IPNetwork>? allowed = null)
    {
        var left = attempts;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Committed += changes =>
        {
            if (Interlocked.Add(ref left, -changes.Count(change => change is WebhookTried)) <= 0)
            {
                done.TrySetResult();
            }
        };
        var hosts = new PublicHosts(new ZoneFake().A("inside.example", "127.0.0.1"), allowed ?? [IPNetwork.Parse("127.0.0.0/8")]);
        using var courier = new WebhookCourier(_store, hosts, _time, NullLogger<WebhookCourier>.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var run = courier.RunAsync(stop.Token);
        await done.Task.WaitAsync(Cancelled);
        await stop.CancelAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
