using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Smtp.Tests;

public sealed class ListenerTests
{
    [Fact]
    public async Task Stopping_says_421_to_idle_sessions_and_takes_no_new_ones()
    {
        await using var house = await House.OpenAsync();
        await using var idle = await house.CallAsync();
        await idle.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250");
        var endPoint = house.Listener.BoundEndPoint;

        await house.Listener.StopAsync(TestContext.Current.CancellationToken);

        await idle.PlayAsync("S: 421 4.3.2 Shutting down\nS: closed");
        await Should.ThrowAsync<SocketException>(() => Caller.ConnectAsync(endPoint, IPAddress.Loopback));
        house.Listener.OpenSessions.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_is_being_kept_is_answered_before_the_session_ends()
    {
        await using var house = await House.OpenAsync();
        var gate = new TaskCompletionSource();
        house.Reception.BeforeComplete = _ => gate.Task;
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: RCPT TO:<list@example.org>\nS: 250\nC: DATA\nS: 354\nC: x\nC: .");
        await Until.TrueAsync(() => house.Reception.Completing == 1);

        var stopping = house.Listener.StopAsync(TestContext.Current.CancellationToken);
        stopping.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        await stopping;

        await caller.PlayAsync("S: 250 2.0.0 Kept\nS: 421 4.3.2\nS: closed");
    }

    [Fact]
    public async Task What_is_not_done_within_the_grace_is_torn_off()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { StopGrace = TimeSpan.FromSeconds(3) });
        house.Reception.BeforeComplete = cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken);
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: RCPT TO:<list@example.org>\nS: 250\nC: DATA\nS: 354\nC: x\nC: .");
        await Until.TrueAsync(() => house.Reception.Completing == 1);

        var stopping = house.Listener.StopAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync(() =>
        {
            house.Clock.Advance(TimeSpan.FromSeconds(1));
            return stopping.IsCompleted;
        });
        await caller.PlayAsync("S: closed");
        await Until.TrueAsync(() => house.Reception.StillOpen == 0);
    }

    [Fact]
    public async Task An_impatient_host_need_not_wait_for_the_grace()
    {
        await using var house = await House.OpenAsync();
        house.Reception.BeforeComplete = cancellationToken => Task.Delay(Timeout.Infinite, cancellationToken);
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: RCPT TO:<list@example.org>\nS: 250\nC: DATA\nS: 354\nC: x\nC: .");
        await Until.TrueAsync(() => house.Reception.Completing == 1);
        using var impatience = new CancellationTokenSource();

        var stopping = house.Listener.StopAsync(impatience.Token);
        await impatience.CancelAsync();
        await stopping;

        await caller.PlayAsync("S: closed");
    }

    [Fact]
    public async Task A_second_listener_on_the_same_port_is_a_clear_error()
    {
        await using var house = await House.OpenAsync();
        var endpoint = new SmtpEndpoint { Role = SmtpRole.Relay, ListenEndPoint = house.Listener.BoundEndPoint, HostName = "mx.example.org" };
        await using var second = new SmtpListener(endpoint, house.Reception, house.Clock, NullLoggerFactory.Instance);
        await Should.ThrowAsync<AddressInUseException>(() => second.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task LMTP_may_listen_on_a_Unix_domain_socket()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "lmtp");
        await using var house = await House.OpenAsync(SmtpRole.Lmtp, change: endpoint => endpoint with
        {
            ListenEndPoint = new UnixDomainSocketEndPoint(path),
            TrustedNetworks = [IPNetwork.Parse("127.0.0.1/32")],
        });
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
        await using var caller = new Caller(socket);
        await caller.PlayAsync("S: 220\nC: LHLO mta\nS: 250\nC: XFORWARD ADDR=192.0.2.7\nS: 250\nC: MAIL FROM:<>\nS: 250");
        house.Reception.Senders.ShouldHaveSingleItem().ClientAddress.ShouldBe(IPAddress.Parse("192.0.2.7"));
    }

    [Fact]
    public async Task An_error_of_the_reception_is_421_for_that_session_alone()
    {
        await using var house = await House.OpenAsync();
        await using var bystander = await house.CallAsync();
        await bystander.ReplyAsync();
        house.Reception.BeforeComplete = _ => throw new IOException("No space left on device");
        await house.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: RCPT TO:<list@example.org>\nS: 250\nC: DATA\nS: 354\nC: x\nC: .\nS: 421 4.3.0\nS: closed");
        (await bystander.AskAsync("NOOP")).ShouldBe("250 2.0.0 OK");
        house.Reception.StillOpen.ShouldBe(0);
    }

    [Fact]
    public async Task A_421_of_the_reception_ends_the_session()
    {
        await using var house = await House.OpenAsync();
        house.Reception.AnswerRecipient = _ => new SmtpReply(421, "4.3.2", "Not now");
        await house.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: MAIL FROM:<>\nC: RCPT TO:<list@example.org>\nC: RCPT TO:<list@example.org>\nS: 250\nS: 421 4.3.2 Not now\nS: closed");
    }

    [Fact]
    public async Task A_client_that_ends_its_sending_half_still_gets_its_replies()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.SendAsync("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<list@example.org>\r\n");
        caller.Finish();
        await caller.PlayAsync("S: 220\nS: 250\nS: 250\nS: 250\nS: closed");
    }

    public static TheoryData<string, SmtpEndpoint> BadEndpoints
    {
        get
        {
            var good = new SmtpEndpoint { Role = SmtpRole.Relay, ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0), HostName = "mx.example.org" };
            return new TheoryData<string, SmtpEndpoint>
            {
                { "HostName", good with { HostName = "" } },
                { "HostName", good with { HostName = "mx example org" } },
                { "IsTlsImplicit", good with { IsTlsImplicit = true } },
                { "Submission", good with { Role = SmtpRole.Submission } },
                { "MaxMessageSize", good with { Limits = new SmtpLimits { MaxMessageSize = 0 } } },
                { "MaxRecipients", good with { Limits = new SmtpLimits { MaxRecipients = 0 } } },
                { "MaxCommandLine", good with { Limits = new SmtpLimits { MaxCommandLine = 100 } } },
                { "PerNetwork", good with { Limits = new SmtpLimits { PerNetwork = new ClientQuota(0, 1) } } },
                { "DataTimeout", good with { Limits = new SmtpLimits { DataTimeout = TimeSpan.Zero } } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(BadEndpoints), DisableDiscoveryEnumeration = true)]
    public void An_option_that_makes_no_sense_is_named_at_start(string option, SmtpEndpoint endpoint) =>
        Should.Throw<ArgumentException>(() => new SmtpListener(endpoint, new FakeReception(), new FakeTimeProvider(), NullLoggerFactory.Instance))
            .Message.ShouldContain(option);
}
