using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests;

/// <summary>AUTH-9, AUTH-10, AUTH-98, SEC-4, SEC-15.</summary>
public sealed class MessageAuthenticatorTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.10");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static RawMessage Message(string from = "Ann <ann@example.com>") =>
        RawMessage.Parse(Encoding.UTF8.GetBytes($"From: {from}\r\nSubject: s\r\n\r\nHi.\r\n"));

    private static ZoneResolver Zone() => new ZoneResolver()
        .Txt("example.com", "v=spf1 ip4:192.0.2.10 -all")
        .Txt("_dmarc.example.com", "v=DMARC1; p=reject")
        .Txt("mx.example.com", "v=spf1 -all");

    [Fact]
    public async Task One_report_holds_everything_and_the_look_ups_behind_it()
    {
        var report = await new MessageAuthenticator(Zone(), TimeProvider.System)
            .VerifyAsync(Message(), Client, "mx.example.com", "ann@example.com", cancellationToken: Token);
        report.Author.ShouldBe(new AuthorResult("ann@example.com", "example.com", "Ann", null));
        report.SpfMailFrom.Verdict.ShouldBe(SpfVerdict.Pass);
        report.SpfHelo.Verdict.ShouldBe(SpfVerdict.Fail);
        report.Dmarc.Verdict.ShouldBe(DmarcVerdict.Pass);
        report.Lookups.Select(l => l.Name).ShouldBe(["_dmarc.example.com", "example.com", "mx.example.com"], ignoreOrder: true);
    }

    [Fact]
    public async Task For_the_null_reverse_path_HELO_is_checked_once()
    {
        var zone = new ZoneResolver().Txt("example.com", "v=spf1 ip4:192.0.2.10 -all").Txt("_dmarc.example.com", "v=DMARC1; p=reject");
        var report = await new MessageAuthenticator(zone, TimeProvider.System).VerifyAsync(Message(), Client, "example.com", "", cancellationToken: Token);
        report.SpfHelo.ShouldBeSameAs(report.SpfMailFrom);
        report.Dmarc.SpfAligned.ShouldBeTrue();
        zone.Questions.Count(q => q.Name == "example.com").ShouldBe(1);
    }

    [Fact]
    public async Task An_SPF_result_from_a_server_in_front_is_taken_as_it_is()
    {
        var zone = Zone();
        var known = new SpfResult(SpfVerdict.Pass, "example.com", "the server in front says so");
        var report = await new MessageAuthenticator(zone, TimeProvider.System)
            .VerifyAsync(Message(), Client, "mx.example.com", "ann@example.com", knownMailFrom: known, cancellationToken: Token);
        report.SpfMailFrom.ShouldBeSameAs(known);
        report.Dmarc.SpfAligned.ShouldBeTrue();
        zone.Questions.ShouldNotContain(q => q.Name == "example.com");
    }

    [Fact]
    public async Task HELO_never_authenticates_an_author()
    {
        var zone = Zone().Txt("bounce.example.net", "v=spf1 -all");
        var report = await new MessageAuthenticator(zone, TimeProvider.System)
            .VerifyAsync(Message(), Client, "example.com", "x@bounce.example.net", cancellationToken: Token);
        report.SpfHelo.Verdict.ShouldBe(SpfVerdict.Pass);
        report.Dmarc.Verdict.ShouldBe(DmarcVerdict.Fail);
    }

    [Fact]
    public async Task A_dead_DNS_ends_in_temporary_errors_when_the_time_is_up()
    {
        var time = new FakeTimeProvider();
        var pending = new MessageAuthenticator(new Silent(), time).VerifyAsync(Message(), Client, "mx.example.com", "ann@example.com", cancellationToken: Token);
        time.Advance(TimeSpan.FromSeconds(19));
        pending.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        var report = await pending;
        report.SpfMailFrom.Verdict.ShouldBe(SpfVerdict.TempError);
        report.Dmarc.Verdict.ShouldBe(DmarcVerdict.TempError);
        report.Lookups.ShouldAllBe(l => l.Status == DnsStatus.Failure);
    }

    [Fact]
    public async Task A_message_may_ask_so_many_questions_and_no_more()
    {
        var zone = Zone();
        var options = new AuthenticationOptions { MaximumDnsQueries = 2 };
        var report = await new MessageAuthenticator(zone, TimeProvider.System, options)
            .VerifyAsync(Message(), Client, "mx.example.com", "ann@example.com", cancellationToken: Token);
        zone.Questions.Count.ShouldBe(2);
        report.SpfHelo.Verdict.ShouldBe(SpfVerdict.TempError);
        report.Lookups.Length.ShouldBe(3);
    }

    [Fact]
    public async Task Cancellation_is_the_one_exception()
    {
        using var cancel = new CancellationTokenSource();
        var pending = new MessageAuthenticator(new Silent(), TimeProvider.System)
            .VerifyAsync(Message(), Client, "mx.example.com", "ann@example.com", cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(pending);
    }

    [Fact]
    public async Task The_report_is_written_as_JSON_in_the_words_of_RFC_8601()
    {
        var report = await new MessageAuthenticator(Zone(), TimeProvider.System)
            .VerifyAsync(Message(), Client, "mx.example.com", "eve@example.net", cancellationToken: Token);
        var octets = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(octets))
        {
            writer.WriteStartObject();
            AuthenticationReportJson.WriteMembers(writer, report, "mx; none");
            writer.WriteEndObject();
        }

        using var json = JsonDocument.Parse(octets.WrittenMemory);
        var root = json.RootElement;
        root.GetProperty("spf").GetProperty("result").GetString().ShouldBe("none");
        root.GetProperty("spfHelo").GetProperty("result").GetString().ShouldBe("fail");
        root.GetProperty("dkim").GetArrayLength().ShouldBe(0);
        var dmarc = root.GetProperty("dmarc");
        (dmarc.GetProperty("result").GetString(), dmarc.GetProperty("domain").GetString(), dmarc.GetProperty("policy").GetString(), dmarc.GetProperty("disposition").GetString())
            .ShouldBe(("fail", "example.com", "reject", "reject"));
        root.GetProperty("arc").GetProperty("result").GetString().ShouldBe("none");
        root.GetProperty("authenticationResults").GetString().ShouldBe("mx; none");
        foreach (var section in new[] { "spf", "spfHelo", "dmarc", "arc" })
        {
            root.GetProperty(section).GetProperty("reason").GetString().ShouldNotBeNullOrEmpty();
        }
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
