using ListServer.MailAuth.Dns;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests.Dns;

/// <summary>AUTH-98, SEC-15.</summary>
public sealed class MessageResolverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_look_up_is_written_down()
    {
        var zone = new ZoneResolver().Txt("a.example", "v=spf1 -all").MX("a.example", 10, "mx.example").Fail("b.example", action: "timeout");
        using var dns = new MessageResolver(zone, TimeProvider.System, 10, TimeSpan.FromMinutes(1), Token);
        await dns.QueryAsync("a.example", DnsRecordType.Txt, Token);
        await dns.QueryAsync("a.example", DnsRecordType.MX, Token);
        await dns.QueryAsync("a.example", DnsRecordType.A, Token);
        await dns.QueryAsync("c.example", DnsRecordType.A, Token);
        await dns.QueryAsync("b.example", DnsRecordType.A, Token);
        dns.Lookups.Select(l => $"{l.Type} {l.Name} {l.Status}: {l.Summary}").ShouldBe(
        [
            "Txt a.example Success: \"v=spf1 -all\"",
            "MX a.example Success: 10 mx.example",
            "A a.example NoData: no such record",
            "A c.example NxDomain: no such name",
            "A b.example Failure: timeout",
        ]);
    }

    [Fact]
    public async Task Questions_beyond_the_budget_fail_unasked()
    {
        var zone = new ZoneResolver().Txt("a.example", "x");
        using var dns = new MessageResolver(zone, TimeProvider.System, 1, TimeSpan.FromMinutes(1), Token);
        (await dns.QueryAsync("a.example", DnsRecordType.Txt, Token)).Status.ShouldBe(DnsStatus.Success);
        (await dns.QueryAsync("a.example", DnsRecordType.Txt, Token)).Status.ShouldBe(DnsStatus.Failure);
        zone.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_thousands_of_records_nothing_more_is_asked() // AUTH-98: to take them apart is dear
    {
        var zone = new ZoneResolver().Txt("b.example", "x");
        for (var i = 0; i < 2001; i++)
        {
            zone.A("a.example", $"10.0.{i / 256}.{i % 256}");
        }

        using var dns = new MessageResolver(zone, TimeProvider.System, 100, TimeSpan.FromMinutes(1), Token);
        (await dns.QueryAsync("a.example", DnsRecordType.A, Token)).Status.ShouldBe(DnsStatus.Success);
        (await dns.QueryAsync("b.example", DnsRecordType.Txt, Token)).Reason.ShouldBe("the answers to the message's DNS questions hold too much");
        zone.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_hundreds_of_thousands_of_octets_of_text_nothing_more_is_asked() // AUTH-98
    {
        var zone = new ZoneResolver().Txt("a.example", new string('x', 100_000)).Txt("b.example", new string('x', 100_100)).Txt("c.example", "x");
        using var dns = new MessageResolver(zone, TimeProvider.System, 100, TimeSpan.FromMinutes(1), Token);
        (await dns.QueryAsync("a.example", DnsRecordType.Txt, Token)).Status.ShouldBe(DnsStatus.Success);
        (await dns.QueryAsync("b.example", DnsRecordType.Txt, Token)).Status.ShouldBe(DnsStatus.Success);
        (await dns.QueryAsync("c.example", DnsRecordType.Txt, Token)).Reason.ShouldBe("the answers to the message's DNS questions hold too much");
    }

    [Fact]
    public async Task A_look_up_that_outlasts_the_deadline_fails_and_so_do_all_after_it()
    {
        var time = new FakeTimeProvider();
        using var dns = new MessageResolver(new Silent(), time, 10, TimeSpan.FromSeconds(20), Token);
        var pending = dns.QueryAsync("a.example", DnsRecordType.Txt, Token);
        time.Advance(TimeSpan.FromSeconds(20));
        (await pending).Status.ShouldBe(DnsStatus.Failure);
        (await dns.QueryAsync("a.example", DnsRecordType.Txt, Token)).Status.ShouldBe(DnsStatus.Failure);
        dns.Lookups[0].Elapsed.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task The_messages_own_cancellation_throws()
    {
        using var cancel = new CancellationTokenSource();
        using var dns = new MessageResolver(new Silent(), TimeProvider.System, 10, TimeSpan.FromMinutes(1), cancel.Token);
        var pending = dns.QueryAsync("a.example", DnsRecordType.Txt, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await pending);
    }

    private sealed class Silent : IDnsResolver
    {
        public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return DnsAnswer.Empty(DnsStatus.Failure);
        }
    }
}
