using ListServer.MailAuth.Dns;
using ListServer.Outbound.Tls;
using ListServer.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Outbound;

/// <summary>AUTH-63, RFC 8461 §3.3, §5.1: policies fetched by HTTPS from a real server and kept in a real store.</summary>
public sealed class StsPoliciesTests : IAsyncLifetime
{
    private const string Enforce = "version: STSv1\nmode: enforce\nmx: *.example\nmax_age: 604800\n";
    private const string Testing = "version: STSv1\nmode: testing\nmx: *.example\nmax_age: 604800\n";

    private static readonly TestAuthority Authority = new();

    private readonly string _folder = Directory.CreateTempSubdirectory("sts-test-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly ZoneFake _zone = new();
    private ListStore _store = null!;
    private PolicyHost _host = null!;
    private StsFetch _fetch = null!;
    private StsPolicies _policies = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await UseAsync(Authority.Leaf("mta-sts.a.example"));
        Publish("1");
        _host.Give(Enforce);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_folder, true);
    }

    [Fact]
    public async Task A_policy_is_fetched_once_and_kept_over_a_restart()
    {
        (await ModeAsync()).ShouldBe("Enforce");
        await ReopenAsync();
        (await ModeAsync()).ShouldBe("Enforce");
        _host.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Who_asks_at_the_same_time_waits_for_one_fetch()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ModeAsync()));
        _host.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_record_there_is_no_policy_and_no_fetch()
    {
        _zone.Remove("_mta-sts.a.example");
        (await ModeAsync()).ShouldBe("none");
        _host.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_that_is_gone_or_held_back_does_not_end_a_policy_before_its_time(bool isGone)
    {
        await ModeAsync();
        _ = isGone ? _zone.Remove("_mta-sts.a.example") : _zone.Fail("_mta-sts.a.example", DnsRecordType.Txt);
        _clock.Advance(TimeSpan.FromDays(6.9));
        (await ModeAsync()).ShouldBe("Enforce");
        _clock.Advance(TimeSpan.FromDays(0.2));
        (await ModeAsync()).ShouldBe("none");
    }

    [Fact]
    public async Task A_new_id_brings_a_new_policy()
    {
        await ModeAsync();
        _host.Give(Testing);
        (await ModeAsync()).ShouldBe("Enforce");
        Publish("2");
        (await ModeAsync()).ShouldBe("Testing");
        _host.Give("version: STSv1\nmode: none\nmax_age: 86400\n");
        Publish("3");
        (await ModeAsync()).ShouldBe("none");
    }

    [Fact]
    public async Task A_policy_is_fetched_anew_each_day_so_that_it_does_not_end()
    {
        await ModeAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var refreshing = _policies.RefreshAsync(stop.Token);
        for (var days = 0; days < 8; days++)
        {
            var before = _store.FindStsPolicy("a.example").ShouldNotBeNull().FetchedAt;
            while (_store.FindStsPolicy("a.example").ShouldNotBeNull().FetchedAt == before)
            {
                _clock.Advance(TimeSpan.FromHours(1));
                await Task.Delay(20, Stop);
            }

            _store.FindStsPolicy("a.example")!.FetchedAt.ShouldBeGreaterThanOrEqualTo(before.AddDays(1));
        }

        await stop.CancelAsync();
        await Task.WhenAny(refreshing);
    }

    public static TheoryData<string, string> Failures => new()
    {
        { "status", "sts-policy-fetch-error: the policy's host answered 500" },
        { "redirect", "sts-policy-fetch-error: the policy's host answered 302" },
        { "type", "sts-policy-fetch-error: the policy is not text/plain" },
        { "size", "sts-policy-fetch-error: the policy is larger than 64 KB" },
        { "content", "sts-policy-invalid: its version is not STSv1" },
        { "certificate name", "sts-webpki-invalid: " },
        { "certificate dates", "sts-webpki-invalid: " },
        { "certificate issuer", "sts-webpki-invalid: " },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_fetch_that_fails_leaves_what_was_kept_and_is_not_repeated_at_once(string fault, string words)
    {
        await ModeAsync();
        await FailAsync(fault);
        Publish("2");
        var finding = await FindAsync();
        finding.Policy!.Mode.ShouldBe(StsMode.Enforce);
        finding.Fault!.ToString().ShouldStartWith(words);
        var requests = _host.Requests;
        (await FindAsync()).Fault.ShouldNotBeNull();
        _host.Requests.ShouldBe(requests);

        // After its pause it is tried again.
        _clock.Advance(TimeSpan.FromMinutes(11));
        await UseAsync(Authority.Leaf("mta-sts.a.example"));
        _host.Give(Testing);
        (await ModeAsync()).ShouldBe("Testing");
    }

    [Fact]
    public async Task A_first_fetch_that_fails_leaves_no_policy()
    {
        await FailAsync("status");
        var finding = await FindAsync();
        (finding.Policy, finding.Fault!.Kind).ShouldBe((null, TlsFaultKind.StsPolicyFetchError));
    }

    [Fact]
    public async Task A_host_that_drips_is_given_up()
    {
        var asked = new TaskCompletionSource();
        _host.Answer = async http =>
        {
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync("version: STSv1\n", Stop);
            await http.Response.Body.FlushAsync(Stop);
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        var finding = FindAsync();
        await asked.Task.WaitAsync(Stop);
        while (!finding.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await Task.WhenAny(finding, Task.Delay(20, Stop));
        }

        (await finding).Fault!.Text.ShouldBe("the policy's host gave no policy within 30 s");
    }

    private async Task FailAsync(string fault)
    {
        switch (fault)
        {
            case "status":
                _host.Answer = PolicyHost.Fail(500);
                break;
            case "redirect":
                _host.Answer = http =>
                {
                    http.Response.Redirect("https://mta-sts.a.example/elsewhere");
                    return Task.CompletedTask;
                };
                break;
            case "type":
                _host.Give(Testing, "text/html");
                break;
            case "size":
                _host.Give(Testing + new string('\n', 64 * 1024));
                break;
            case "content":
                _host.Give("mode: testing");
                break;
            default:
                var issuer = fault == "certificate issuer" ? new TestAuthority("Nobody") : Authority;
                await UseAsync(fault switch { "certificate name" => issuer.Leaf("a.example"), "certificate dates" => issuer.ExpiredLeaf("mta-sts.a.example"), _ => issuer.Leaf("mta-sts.a.example") }, issuer);
                _host.Give(Testing);
                break;
        }
    }

    private void Publish(string id) => _zone.Txt("_mta-sts.a.example", $"v=STSv1; id={id};");

    private Task<StsFinding> FindAsync() => _policies.FindAsync("a.example", Stop);

    private async Task<string> ModeAsync() => (await FindAsync()).Policy?.Mode.ToString() ?? "none";

    private async Task ReopenAsync()
    {
        await CloseAsync();
        await UseAsync(Authority.Leaf("mta-sts.a.example"));
    }

    /// <summary>A host with this certificate instead of the one before.</summary>
    private async Task UseAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate, TestAuthority? issuer = null)
    {
        await CloseAsync();
        _store = ListStore.Open(new StoreOptions(_folder), _clock, NullLogger.Instance);
        _host = await PolicyHost.StartAsync(certificate, (issuer ?? Authority).Authority);
        _fetch = new StsFetch(_host.ConnectAsync, _clock, [Authority.Root]);
        _policies = new StsPolicies(_store, _zone, _fetch, _clock, NullLogger<StsPolicies>.Instance);
    }

    private async Task CloseAsync()
    {
        _fetch?.Dispose();
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
