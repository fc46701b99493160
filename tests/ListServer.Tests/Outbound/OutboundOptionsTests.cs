using System.Net;
using System.Net.Sockets;
using ListServer.Outbound;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Outbound;

public sealed class OutboundOptionsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<OutboundOptions, string> Wrong => new()
    {
        { new OutboundOptions { Smarthost = "mail example" }, "Outbound:Smarthost:" },
        { new OutboundOptions { Routes = new Dictionary<string, string> { ["a.example"] = ":" } }, "Outbound:Routes:a.example:" },
        { new OutboundOptions { Smarthost = "m.example", SmarthostUser = "u", SmarthostTls = TlsMode.Required }, "given together" },
        { new OutboundOptions { Smarthost = "m.example", SmarthostUser = "u", SmarthostPassword = "p" }, "verified TLS" },
        { new OutboundOptions { SmarthostUser = "u", SmarthostPassword = "p", SmarthostTls = TlsMode.Required }, "needs Outbound:Smarthost" },
        { new OutboundOptions { Tls = TlsMode.Implicit }, "Outbound:Tls=implicit" },
        { new OutboundOptions { TrustFile = "/nowhere/roots.pem" }, "Outbound:TrustFile" },
        { new OutboundOptions { HeloName = "two words" }, "Outbound:HeloName" },
        { new OutboundOptions { HeloName = "x\r\nMAIL" }, "Outbound:HeloName" },
        { new OutboundOptions { Port = 0 }, "Outbound:Port" },
        { new OutboundOptions { Concurrency = 0 }, "Concurrency" },
        { new OutboundOptions { ConcurrencyPerDestination = 0 }, "Concurrency" },
        { new OutboundOptions { ConcurrencyPerDestination = 501 }, "no provider takes more than 500" },
        { new OutboundOptions { ConcurrencyPerHost = 0 }, "ConcurrencyPerHost" },
        { new OutboundOptions { ConcurrencyPerHost = 501 }, "no provider takes more than 500" },
        { new OutboundOptions { RecipientsPerTransaction = 0 }, "RecipientsPerTransaction" },
        { new OutboundOptions { DataTimeout = TimeSpan.Zero }, "every time is positive" },
        { new OutboundOptions { LastRetry = TimeSpan.FromSeconds(1) }, "FirstRetry" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_makes_no_sense_is_told_by_name(OutboundOptions options, string words) =>
        options.Validate().ShouldHaveSingleItem().ShouldContain(words);

    [Theory]
    [InlineData(null)]
    [InlineData("lists.example.org")]
    [InlineData("[192.0.2.1]")]
    [InlineData("[IPv6:2001:db8::1]")]
    public void Defaults_and_every_form_of_name_are_right(string? name) => new OutboundOptions { HeloName = name }.Validate().ShouldBeEmpty();

    [Fact]
    public async Task A_connection_that_does_not_come_about_ends_with_its_timeout()
    {
        // A queue of one that is full: later connections get no answer at all.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var end = (IPEndPoint)listener.LocalEndPoint!;
        using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(end, Stop);
        var outcome = await FailureAsync(new OutboundOptions { ConnectTimeout = TimeSpan.FromSeconds(17) }, new Hop("localhost", end, TlsMode.None));
        outcome.Phase.ShouldBe(SessionPhase.Connect);
        outcome.Reply.Text.ShouldBe("no connection within 17 s");
    }

    [Fact]
    public async Task A_TLS_handshake_that_does_not_come_about_ends_with_its_timeout()
    {
        await using var peer = new Peer { Script = session => Task.Delay(Timeout.Infinite, session.End) };
        var outcome = await FailureAsync(new OutboundOptions { TlsTimeout = TimeSpan.FromSeconds(9) }, peer.Hop(TlsMode.Implicit));
        outcome.Phase.ShouldBe(SessionPhase.Tls);
        outcome.Reply.Text.ShouldBe("TLS failed: no answer within 9 s");
    }

    private static async Task<Outcome> FailureAsync(OutboundOptions options, Hop hop)
    {
        var clock = new FakeTimeProvider();
        var opening = new SmtpConnector(options, clock).OpenAsync(hop, Stop);
        for (var i = 0; i < 100 && !opening.IsCompleted; i++)
        {
            await Task.WhenAny(opening, Task.Delay(20, Stop));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        return (await opening).Failure!;
    }
}
