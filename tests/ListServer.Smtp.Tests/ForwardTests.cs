using System.Net;

namespace ListServer.Smtp.Tests;

/// <summary>XCLIENT and XFORWARD from a trusted peer, here 127.0.0.1.</summary>
public sealed class ForwardTests
{
    private static Task<House> OpenAsync(SmtpRole role = SmtpRole.Relay) =>
        House.OpenAsync(role, change: endpoint => endpoint with { TrustedNetworks = [IPNetwork.Parse("127.0.0.1/32")] });

    [Theory]
    [InlineData("ADDR=192.0.2.7 NAME=far.example", "192.0.2.7")]
    [InlineData("addr=IPV6:2001:db8::7 port=25", "2001:db8::7")]
    [InlineData("ADDR=2001:db8::7", "2001:db8::7")]
    [InlineData("ADDR=IPV6:::ffff:192.0.2.7 PROTO=ESMTP", "192.0.2.7")]
    public async Task XCLIENT_sets_the_client_for_the_session(string attributes, string address)
    {
        await using var house = await OpenAsync();
        await house.PlayAsync($"""
            S: 220
            C: EHLO proxy.example
            S: 250
            C: XCLIENT {attributes} HELO=far.example
            S: 220 mx.example.org ESMTP
            C: MAIL FROM:<>
            S: 503 5.5.1 Say hello
            C: EHLO proxy.example
            S: 250
            C: MAIL FROM:<>
            S: 250
            C: RSET
            S: 250
            C: MAIL FROM:<>
            S: 250
            """);
        var clients = house.Reception.Senders.ToArray();
        clients.Length.ShouldBe(2);
        clients.ShouldAllBe(client => client.ClientAddress.Equals(IPAddress.Parse(address)) && client.Helo == "far.example" && client.IsForwarded);
    }

    [Fact]
    public async Task XFORWARD_sets_the_client_for_one_transaction()
    {
        await using var house = await OpenAsync(SmtpRole.Lmtp);
        await house.PlayAsync("""
            S: 220
            C: LHLO mta.example
            S: 250
            C: XFORWARD NAME=far.example ADDR=192.0.2.7 PORT=2525
            S: 250
            C: XFORWARD HELO=[192.0.2.7] IDENT=4F1+2B SOURCE=REMOTE
            S: 250
            C: MAIL FROM:<>
            S: 250
            C: XFORWARD ADDR=192.0.2.8
            S: 503 5.5.1
            C: RCPT TO:<list@example.org>
            S: 250
            C: DATA
            S: 354
            C: text
            C: .
            S: 250
            C: MAIL FROM:<>
            S: 250
            """);
        var clients = house.Reception.Senders.ToArray();
        clients[0].ClientAddress.ShouldBe(IPAddress.Parse("192.0.2.7"));
        clients[0].Helo.ShouldBe("[192.0.2.7]");
        clients[0].IsForwarded.ShouldBeTrue();
        clients[1].ClientAddress.ShouldBe(IPAddress.Loopback);
        clients[1].Helo.ShouldBe("mta.example");
        clients[1].IsForwarded.ShouldBeFalse();
    }

    [Theory]
    [InlineData("XCLIENT")]
    [InlineData("XCLIENT ADDR")]
    [InlineData("XCLIENT ADDR=localhost")]
    [InlineData("XCLIENT ADDR=192.0.2.7 LOGIN=anna")]
    [InlineData("XCLIENT ADDR=192.0.2+2E7+")]
    [InlineData("XCLIENT HELO=a+0D+0Ab")]
    [InlineData("XFORWARD FOO=1")]
    [InlineData("XFORWARD ADDR=192.0.2.7 IDENT=+00")]
    public async Task Attributes_that_are_not_offered_or_no_good_are_refused_and_nothing_is_taken_of_them(string command)
    {
        await using var house = await OpenAsync();
        await house.PlayAsync($"S: 220\nC: EHLO p\nS: 250\nC: {command}\nS: 501 5.5.4\nC: MAIL FROM:<>\nS: 250");
        house.Reception.Senders.ShouldHaveSingleItem().IsForwarded.ShouldBeFalse();
    }

    [Theory]
    [InlineData("XCLIENT ADDR=[UNAVAILABLE] NAME=[TEMPUNAVAIL] HELO=[UNAVAILABLE]", "p.example")]
    [InlineData("XCLIENT HELO=<script>", "p.example")]
    public async Task What_is_unavailable_is_the_peer_itself(string command, string helo)
    {
        await using var house = await OpenAsync();
        await house.PlayAsync($"S: 220\nC: EHLO p.example\nS: 250\nC: {command}\nS: 220\nC: EHLO p.example\nS: 250\nC: MAIL FROM:<>\nS: 250");
        var client = house.Reception.Senders.ShouldHaveSingleItem();
        client.IsForwarded.ShouldBeFalse();
        client.ClientAddress.ShouldBe(IPAddress.Loopback);
        client.Helo.ShouldBe(helo);
    }

    [Fact]
    public async Task XCLIENT_is_not_for_the_middle_of_a_transaction()
    {
        await using var house = await OpenAsync();
        await house.PlayAsync("S: 220\nC: EHLO p\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: XCLIENT ADDR=192.0.2.7\nS: 503 5.5.1");
    }

    [Fact]
    public async Task What_was_forwarded_in_clear_is_forgotten_with_STARTTLS()
    {
        await using var house = await OpenAsync();
        await house.PlayAsync("S: 220\nC: XCLIENT ADDR=192.0.2.7\nS: 220\nC: STARTTLS\nS: 220\nTLS\nC: EHLO p\nS: 250\nC: MAIL FROM:<>\nS: 250");
        house.Reception.Senders.ShouldHaveSingleItem().IsForwarded.ShouldBeFalse();
    }
}
