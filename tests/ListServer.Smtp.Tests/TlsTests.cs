using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ListServer.Smtp.Tests;

/// <summary>SEC-8.</summary>
public sealed class TlsTests
{
    [Theory]
    [InlineData("RSET\\r\\n")]
    [InlineData("\\r\\n")]
    [InlineData("x")]
    public async Task Octets_behind_STARTTLS_end_the_session(string injected)
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync($"S: 220\nC: EHLO c\nS: 250\nC: STARTTLS\nR: {injected}\nS: 554 5.5.0\nS: closed");
    }

    [Fact]
    public async Task After_STARTTLS_all_that_was_said_is_forgotten()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("""
            S: 220
            C: EHLO client.example
            S: 250
            C: MAIL FROM:<a@client.example>
            S: 250
            C: RCPT TO:<list@example.org>
            S: 250
            C: STARTTLS
            S: 220 2.0.0
            TLS
            C: RCPT TO:<list@example.org>
            S: 503 5.5.1
            C: MAIL FROM:<a@client.example>
            S: 503 5.5.1 Say hello first
            C: EHLO client.example
            S: 250
            C: STARTTLS
            S: 503 5.5.1
            C: MAIL FROM:<a@client.example>
            C: RCPT TO:<list@example.org>
            C: DATA
            S: 250
            S: 250
            S: 354
            C: over TLS
            C: .
            C: QUIT
            S: 250 2.0.0 Kept
            S: 221 2.0.0
            S: closed
            """);
        house.Reception.Messages.ShouldHaveSingleItem().Octets.ShouldBe("over TLS\r\n");
    }

    [Fact]
    public async Task STARTTLS_takes_no_argument()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("S: 220\nC: EHLO c\nS: 250\nC: STARTTLS now\nS: 501 5.5.4");
    }

    [Fact]
    public async Task A_handshake_that_fails_ends_the_session()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("S: 220\nC: STARTTLS\nS: 220\nC: EHLO in.clear.example\nS: closed");
    }

    [Fact]
    public async Task Old_versions_of_TLS_are_refused()
    {
        await using var house = await House.OpenAsync();
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: STARTTLS\nS: 220");
#pragma warning disable CA5397, SYSLIB0039 // The old version is what is tested.
        var handshake = caller.SecureAsync(SslProtocols.Tls11);
#pragma warning restore CA5397, SYSLIB0039
        var error = await Record.ExceptionAsync(() => handshake);
        (error is AuthenticationException or IOException).ShouldBeTrue();
    }

    [Fact]
    public async Task A_renewed_certificate_is_picked_up_at_the_next_handshake()
    {
        var certificate = House.Certify("old.example.org");
        await using var house = await House.OpenAsync(
            change: endpoint => endpoint with { IsTlsImplicit = true, Certificate = () => Volatile.Read(ref certificate) });

        (await SubjectAsync(house)).ShouldBe("CN=old.example.org");
        Volatile.Write(ref certificate, House.Certify("new.example.org"));
        (await SubjectAsync(house)).ShouldBe("CN=new.example.org");
    }

    [Fact]
    public async Task A_message_of_many_TLS_records_arrives_whole()
    {
        await using var house = await House.OpenAsync(change: endpoint => endpoint with { IsTlsImplicit = true });
        await using var caller = await house.CallAsync();
        await caller.SecureAsync();
        await caller.PlayAsync("""
            S: 220
            C: EHLO c
            S: 250
            C: MAIL FROM:<a@b.example>
            C: RCPT TO:<list@example.org>
            C: DATA
            S: 250
            S: 250
            S: 354
            """);
        var body = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\r\n"));
        await caller.SendAsync(body + ".\r\n");
        (await caller.ReplyAsync()).ShouldBe("250 2.0.0 Kept");
        house.Reception.Messages.ShouldHaveSingleItem().Octets.ShouldBe(body);
    }

    private static async Task<string> SubjectAsync(House house)
    {
        await using var caller = await house.CallAsync();
        var tls = await caller.SecureAsync();
        using var certificate = new X509Certificate2(tls.RemoteCertificate.ShouldNotBeNull());
        return certificate.Subject;
    }
}
