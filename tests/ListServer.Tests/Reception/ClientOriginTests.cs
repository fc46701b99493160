using System.Text;
using ListServer.MailAuth;
using ListServer.Reception;

namespace ListServer.Tests.Reception;

/// <summary>Behind an MTA, SPF is judged by the client that the MTA saw; nothing that the client wrote may stand in for it.</summary>
public sealed class ClientOriginTests
{
    [Theory]
    [InlineData("from mail.example.org (mail.example.org [192.0.2.7])\r\n\tby mx.example.net (Postfix) with ESMTPS id 1; Tue, 24 Nov 2026 06:00:00 +0000", "192.0.2.7", "mail.example.org")]
    [InlineData("from mail.example.org (unknown [IPv6:2001:db8::7]) by mx.example.net (Postfix) with ESMTP id 1; x", "2001:db8::7", "mail.example.org")]
    [InlineData("from [192.0.2.9] (helo=x [192.0.2.7]) by mx.example.net; x", "192.0.2.7", "[192.0.2.9]")]
    [InlineData("from a (HELO mail.example.org) ([192.0.2.7]) by mx.example.net; x", null, null)]
    [InlineData("from [192.0.2.7] by mx.example.net; x", null, null)]
    [InlineData("from evil([203.0.113.1]) by good (unknown [192.0.2.7]) by mx.example.net; x", null, null)]
    [InlineData("by mx.example.net; x", null, null)]
    public void The_client_is_read_from_the_outermost_trusted_field(string value, string? address, string? helo)
    {
        var origin = ClientOrigin.Read(Message($"Received: {value}"), 1);
        origin?.Address.ToString().ShouldBe(address);
        origin?.Helo.ShouldBe(helo);
        (origin is null).ShouldBe(address is null);
    }

    [Fact]
    public void As_many_fields_are_passed_over_as_there_are_trusted_servers()
    {
        var message = Message(
            "Received: from inner (inner [10.0.0.1]) by inner2; x", "Received: from a.example (a.example [192.0.2.1]) by inner; x", "Received: from b.example (b.example [192.0.2.2]) by a; x");

        ClientOrigin.Read(message, 2).ShouldNotBeNull().Address.ToString().ShouldBe("192.0.2.1");
        ClientOrigin.Read(message, 4).ShouldBeNull();
        ClientOrigin.Read(message, 0).ShouldBeNull();
    }

    private static RawMessage Message(params string[] fields) =>
        RawMessage.Parse(Encoding.ASCII.GetBytes(string.Join("\r\n", fields) + "\r\n\r\nbody\r\n"));
}
