using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ListServer.Configuration;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Metrics;
using ListServer.Store.Queue;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Metrics;

/// <summary>What Prometheus and a watchdog see.</summary>
public sealed partial class MetricsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_posts_way_is_counted_and_what_stands_is_measured()
    {
        await using var stage = await ServerStage.StartAsync(WithMetrics);
        await stage.SendAsync(ServerStage.SignedPost());
        await stage.SettledAsync();
        await stage.SendAsync(ServerStage.Post(from: "x@elsewhere.example"), "x@elsewhere.example");
        await stage.TraceAsync(t => t.Post.State == PostState.Held);

        string[] expected =
        [
            "listserver_posts_total{state=\"accepted\"} 1",
            "listserver_posts_total{state=\"held\"} 1",
            "listserver_posts_waiting{state=\"held\"} 1",
            "listserver_posts_waiting{state=\"accepted\"} 0",
            "listserver_deliveries_total{outcome=\"delivered\"} 2",
            "listserver_delivery_seconds_count 2",
            "listserver_delivery_seconds_bucket{le=\"+Inf\"} 2",
            "listserver_auth_results_total{method=\"dkim\",result=\"pass\"} 1",
            "listserver_seals_total 1",
            "listserver_queue_recipients{state=\"resting\"} 0",
            "listserver_queue_oldest_seconds 0",
            "listserver_members 2",
            "listserver_lists 1",
        ];
        string[] lines = [];
        for (var i = 0; i < 200 && !expected.All(lines.Contains); i++)
        {
            // A commit is counted a moment after it is seen.
            lines = (await GetAsync(stage, "/metrics")).Body.Split('\n');
            await Task.Delay(10, Cancel);
        }

        expected.Except(lines).ShouldBeEmpty();
        Value(lines, "listserver_tls_expiry_days").ShouldBeGreaterThan(1);
        Value(lines, "listserver_key_age_days{domain=\"lists.example\",selector=\"s1\"}").ShouldBeInRange(0, 1);
        lines.ShouldContain(l => l.StartsWith("listserver_dns_seconds_count{status=\"success\"} ", StringComparison.Ordinal));
        lines.Where(l => l.Length > 0 && !l.StartsWith('#')).ShouldAllBe(l => Sample().IsMatch(l));
    }

    [Fact]
    public async Task Health_and_readiness_are_told_until_the_server_stops()
    {
        await using var stage = await ServerStage.StartAsync(WithMetrics);
        (await GetAsync(stage, "/healthz")).ShouldBe((HttpStatusCode.OK, "ok"), customMessage: null);
        (await GetAsync(stage, "/readyz")).ShouldBe((HttpStatusCode.OK, "ok"), customMessage: null);
        (await GetAsync(stage, "/")).Code.ShouldBe(HttpStatusCode.NotFound);
        var address = stage.Server.MetricsAddress!;
        await stage.StopServerAsync();
        using var client = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri(address, "/healthz"), Cancel));
    }

    [Fact]
    public async Task Metrics_are_nowhere_unless_asked_for()
    {
        await using var stage = await ServerStage.StartAsync();
        stage.Server.MetricsAddress.ShouldBeNull();
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_by_its_option()
    {
        await using var stage = await ServerStage.StartAsync(WithMetrics);
        var taken = new IPEndPoint(IPAddress.Loopback, stage.Server.MetricsAddress!.Port);
        (await Should.ThrowAsync<ServerStartException>(() => ServerStage.StartAsync(o => o with { Metrics = new MetricsOptions { Listen = [taken] } })))
            .Message.ShouldStartWith($"Metrics:Listen={taken}: ");
    }

    [Fact]
    public void Buckets_add_up_labels_are_escaped_and_gauges_forget()
    {
        using var instruments = new Instruments();
        using var page = new PrometheusPage(instruments);
        var names = new Queue<string>(["a\"\\\n", "b"]);
        instruments.Meter.CreateObservableGauge("listserver_x", () => new System.Diagnostics.Metrics.Measurement<int>(3, new KeyValuePair<string, object?>("name", names.Dequeue())), null, "X.");
        instruments.Delivery(RecipientState.Delivered, TimeSpan.FromSeconds(0.3));
        instruments.Delivery(RecipientState.Delivered, TimeSpan.FromSeconds(2));
        instruments.Delivery(RecipientState.Delivered, TimeSpan.FromDays(3));
        instruments.Delivery(RecipientState.Waiting, TimeSpan.FromDays(3));
        var text = page.Write();
        text.ShouldContain("listserver_deliveries_total{outcome=\"delivered\"} 3\nlistserver_deliveries_total{outcome=\"deferred\"} 1\n");
        text.ShouldContain(
            "# TYPE listserver_delivery_seconds histogram\nlistserver_delivery_seconds_bucket{le=\"0.1\"} 0\nlistserver_delivery_seconds_bucket{le=\"0.3\"} 1\n"
            + "listserver_delivery_seconds_bucket{le=\"1\"} 1\nlistserver_delivery_seconds_bucket{le=\"3\"} 2\n");
        text.ShouldContain("listserver_delivery_seconds_bucket{le=\"86400\"} 2\nlistserver_delivery_seconds_bucket{le=\"+Inf\"} 3\nlistserver_delivery_seconds_sum 259202.3\nlistserver_delivery_seconds_count 3\n");
        text.ShouldContain("# TYPE listserver_x gauge\nlistserver_x{name=\"a\\\"\\\\\\n\"} 3\n");
        page.Write().ShouldContain("# TYPE listserver_x gauge\nlistserver_x{name=\"b\"} 3\n");
    }

    private static ServerOptions WithMetrics(ServerOptions options) =>
        options with { Metrics = new MetricsOptions { Listen = [new IPEndPoint(IPAddress.Loopback, 0)] } };

    private static async Task<(HttpStatusCode Code, string Body)> GetAsync(ServerStage stage, string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(stage.Server.MetricsAddress!, path), Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static double Value(string[] lines, string name) =>
        double.Parse(lines.Single(l => l.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);

    [GeneratedRegex("""^listserver_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.]+(E[-+][0-9]+)?$""")]
    private static partial Regex Sample();
}
