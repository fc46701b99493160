using System.Net;

namespace ListServer.Smtp.Tests;

public sealed class HelloTests
{
    private const string Always = "PIPELINING 8BITMIME SMTPUTF8 ENHANCEDSTATUSCODES CHUNKING SIZE LIMITS";

    [Theory]
    [InlineData(SmtpRole.Relay, "EHLO", false, Always + " STARTTLS")]
    [InlineData(SmtpRole.Relay, "EHLO", true, Always)]
    [InlineData(SmtpRole.Submission, "EHLO", false, Always + " STARTTLS")]
    [InlineData(SmtpRole.Submission, "EHLO", true, Always + " AUTH")]
    [InlineData(SmtpRole.Lmtp, "LHLO", false, Always + " STARTTLS")]
    public async Task Extensions_are_offered_where_they_work(SmtpRole role, string verb, bool isSecure, string offers)
    {
        await using var house = await House.OpenAsync(role, change: endpoint => endpoint with { IsTlsImplicit = isSecure });
        await using var caller = await house.CallAsync();
        if (isSecure)
            await caller.SecureAsync();
        (await caller.ReplyAsync()).ShouldBe(role == SmtpRole.Lmtp ? "220 mx.example.org LMTP" : "220 mx.example.org ESMTP");

        var lines = (await caller.AskAsync($"{verb} client.example")).ShouldNotBeNull().Split('\n');

        lines[0].ShouldBe("250-mx.example.org");
        lines[1..].Select(line => line[4..].Split(' ')[0]).ShouldBe(offers.Split(' '));
        lines.ShouldContain("250-SIZE 26214400");
    }

    [Fact]
    public async Task Without_a_certificate_STARTTLS_is_neither_offered_nor_obeyed()
    {
        await using var house = await House.OpenAsync(change: endpoint => endpoint with { Certificate = () => null });
        await using var caller = await house.CallAsync();
        await caller.ReplyAsync();
        (await caller.AskAsync("EHLO client.example")).ShouldNotBeNull().ShouldNotContain("STARTTLS");
        (await caller.AskAsync("STARTTLS")).ShouldBe("502 5.5.1 Command not offered here");
    }

    [Fact]
    public async Task XCLIENT_and_XFORWARD_are_offered_to_trusted_peers_only()
    {
        await using var house = await House.OpenAsync(change: endpoint => endpoint with { TrustedNetworks = [IPNetwork.Parse("127.0.0.2/32")] });
        await using var trusted = await house.CallAsync("127.0.0.2");
        await trusted.ReplyAsync();
        var offers = (await trusted.AskAsync("EHLO proxy.example")).ShouldNotBeNull();
        offers.ShouldContain("XCLIENT NAME ADDR PORT PROTO HELO");
        offers.ShouldContain("XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE");

        await using var stranger = await house.CallAsync("127.0.0.3");
        await stranger.ReplyAsync();
        (await stranger.AskAsync("EHLO client.example")).ShouldNotBeNull().ShouldNotContain("XCLIENT");
        (await stranger.AskAsync("XCLIENT ADDR=192.0.2.1")).ShouldBe("500 5.5.1 Command not recognized");
        (await stranger.AskAsync("XFORWARD ADDR=192.0.2.1")).ShouldBe("500 5.5.1 Command not recognized");
    }

    [Theory]
    [InlineData("EHLO", "501 5.5.4")]
    [InlineData("EHLO two names", "501 5.5.4")]
    [InlineData("EHLO <script>", "501 5.5.4")]
    [InlineData("EHLO (comment)", "501 5.5.4")]
    [InlineData("EHLO [192.0.2.1", "501 5.5.4")]
    [InlineData("EHLO [192.0.2.256]", "501 5.5.4")]
    [InlineData("EHLO [010.0.0.1]", "501 5.5.4")]
    [InlineData("EHLO m\u00c3\u00bcller.example", "501 5.5.4")]
    [InlineData("HELO", "501 5.5.4")]
    [InlineData("LHLO client.example", "500 5.5.1")]
    [InlineData("EHLO my_laptop", "250-mx.example.org")]
    [InlineData("ehlo [192.0.2.1]", "250-mx.example.org")]
    [InlineData("EHLO [IPv6:2001:db8::1]  ", "250-mx.example.org")]
    [InlineData("HELO client.example", "250 mx.example.org")]
    public async Task A_hello_must_name_a_host_or_an_address(string hello, string reply)
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync($"S: 220\nR: {hello}\\r\\n\nS: {reply}");
    }

    [Theory]
    [InlineData(SmtpRole.Relay, "HELO", false, "", "SMTP")]
    [InlineData(SmtpRole.Relay, "EHLO", false, "", "ESMTP")]
    [InlineData(SmtpRole.Relay, "EHLO", true, "", "ESMTPS")]
    [InlineData(SmtpRole.Relay, "EHLO", false, " SMTPUTF8", "UTF8SMTP")]
    [InlineData(SmtpRole.Relay, "EHLO", true, " SMTPUTF8", "UTF8SMTPS")]
    [InlineData(SmtpRole.Lmtp, "LHLO", false, "", "LMTP")]
    [InlineData(SmtpRole.Lmtp, "LHLO", true, "", "LMTPS")]
    [InlineData(SmtpRole.Lmtp, "LHLO", false, " SMTPUTF8", "UTF8LMTP")]
    public async Task The_protocol_is_named_as_the_Received_field_wants_it(
        SmtpRole role, string verb, bool isSecure, string parameter, string protocol)
    {
        await using var house = await House.OpenAsync(role);
        await house.PlayAsync($"""
            S: 220
            {(isSecure ? "C: STARTTLS\nS: 220 2.0.0\nTLS" : "")}
            C: {verb} client.example
            S: 250
            C: MAIL FROM:<a@client.example>{parameter}
            S: 250 2.1.0
            """);
        var client = house.Reception.Senders.ShouldHaveSingleItem();
        client.Protocol.ShouldBe(protocol);
        client.Helo.ShouldBe("client.example");
        client.ClientAddress.ShouldBe(IPAddress.Loopback);
        client.IsForwarded.ShouldBeFalse();
        client.Account.ShouldBeNull();
        (client.TlsVersion is "TLSv1.3" or "TLSv1.2").ShouldBe(isSecure);
        (client.TlsCipher is not null).ShouldBe(isSecure);
    }
}
