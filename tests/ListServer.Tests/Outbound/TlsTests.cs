using System.Security.Cryptography.X509Certificates;
using System.Text;
using ListServer.Outbound;

namespace ListServer.Tests.Outbound;

public sealed class TlsTests : IDisposable
{
    private readonly string _trustFile = TestCertificates.TrustFile(TestCertificates.Localhost, TestCertificates.OtherName, TestCertificates.Expired);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_trustFile);

    [Fact]
    public async Task STARTTLS_is_used_when_it_is_offered_whatever_the_certificate()
    {
        foreach (var certificate in new[] { TestCertificates.Localhost, TestCertificates.OtherName, TestCertificates.Expired })
        {
            await using var peer = new Peer { Certificate = certificate };
            (await AttemptAsync(peer, TlsMode.Opportunistic)).Kind.ShouldBe(OutcomeKind.Delivered);
            peer.Messages.ShouldHaveSingleItem().IsTls.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(TlsMode.None)]
    [InlineData(TlsMode.Opportunistic)]
    public async Task Mail_goes_in_clear_where_TLS_is_switched_off_or_not_offered(TlsMode tls)
    {
        await using var peer = new Peer { Certificate = tls == TlsMode.None ? TestCertificates.Localhost : null };
        (await AttemptAsync(peer, tls)).Kind.ShouldBe(OutcomeKind.Delivered);
        peer.Messages.ShouldHaveSingleItem().IsTls.ShouldBeFalse();
    }

    [Theory]
    [InlineData(TlsMode.Required)]
    [InlineData(TlsMode.Implicit)]
    public async Task A_certificate_that_proves_the_name_is_enough_where_TLS_is_required(TlsMode tls)
    {
        await using var peer = new Peer { Certificate = TestCertificates.Localhost, IsTlsImplicit = tls == TlsMode.Implicit };
        (await AttemptAsync(peer, tls, _trustFile)).Kind.ShouldBe(OutcomeKind.Delivered);
        peer.Messages.ShouldHaveSingleItem().IsTls.ShouldBeTrue();
    }

    public static TheoryData<TlsMode, string> BadCertificates => new()
    {
        { TlsMode.Required, "other name" },
        { TlsMode.Required, "expired" },
        { TlsMode.Required, "not trusted" },
        { TlsMode.Implicit, "other name" },
        { TlsMode.Implicit, "not trusted" },
    };

    [Theory]
    [MemberData(nameof(BadCertificates))]
    public async Task Where_TLS_is_required_a_bad_certificate_keeps_mail_back(TlsMode tls, string fault)
    {
        X509Certificate2 certificate = fault switch
        {
            "other name" => TestCertificates.OtherName,
            "expired" => TestCertificates.Expired,
            _ => TestCertificates.Localhost,
        };
        await using var peer = new Peer { Certificate = certificate, IsTlsImplicit = tls == TlsMode.Implicit };
        var outcome = await AttemptAsync(peer, tls, fault == "not trusted" ? null : _trustFile);
        outcome.Kind.ShouldBe(OutcomeKind.Deferred);
        outcome.Reply.EnhancedCode.ShouldBe("4.7.5");
        outcome.Phase.ShouldBe(SessionPhase.Tls);
        peer.Commands.ShouldNotContain(c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("454 4.7.0 TLS not available")]
    [InlineData("502 5.5.1 no such command")]
    public async Task Where_TLS_is_required_and_not_to_be_had_mail_is_kept_back(string? reply)
    {
        await using var peer = new Peer { Certificate = reply is null ? null : TestCertificates.Localhost, On = line => line == "STARTTLS" ? reply : null };
        var outcome = await AttemptAsync(peer, TlsMode.Required, _trustFile);
        outcome.Kind.ShouldBe(OutcomeKind.Deferred);
        peer.Commands.ShouldNotContain(c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_STARTTLS_that_is_refused_leaves_the_session_in_clear()
    {
        await using var peer = new Peer { Certificate = TestCertificates.Localhost, On = line => line == "STARTTLS" ? "454 4.7.0 not now" : null };
        (await AttemptAsync(peer, TlsMode.Opportunistic)).Kind.ShouldBe(OutcomeKind.Delivered);
        peer.SessionCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_handshake_that_fails_is_followed_by_a_session_in_clear()
    {
        await using var broken = new Peer
        {
            Script = async session =>
            {
                if (session.Number == 1)
                {
                    await session.SayAsync("220 peer");
                    await session.HearAsync();
                    await session.SayAsync("250-peer\r\n250 STARTTLS");
                    await session.HearAsync();
                    await session.SayAsync("220 go");
                    await Task.Delay(100, session.End);
                    await session.SayAsync("this is no TLS record");
                    return;
                }

                await session.SayAsync("220 peer");
                while (await session.HearAsync() is { } line)
                {
                    await session.SayAsync(line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-peer\r\n250 STARTTLS" : line == "DATA" ? "354 go" : "250 ok");
                    if (line == "DATA")
                    {
                        await session.HearDataAsync();
                        await session.SayAsync("250 taken");
                    }
                }
            },
        };
        (await AttemptAsync(broken, TlsMode.Opportunistic)).Kind.ShouldBe(OutcomeKind.Delivered);
        broken.SessionCount.ShouldBe(2);
    }

    [Theory]
    [InlineData(TlsMode.Opportunistic)]
    [InlineData(TlsMode.Required)]
    public async Task Octets_injected_behind_the_reply_to_STARTTLS_end_the_session(TlsMode tls)
    {
        await using var peer = new Peer
        {
            Script = async session =>
            {
                await session.SayAsync("220 peer");
                await session.HearAsync();
                await session.SayAsync("250-peer\r\n250 STARTTLS");
                await session.HearAsync();
                await session.SendAsync("220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n");
                await session.HearAsync();
            },
        };
        var outcome = await AttemptAsync(peer, tls, _trustFile);
        outcome.Kind.ShouldBe(OutcomeKind.Deferred);
        outcome.Reply.Text.ShouldBe("octets in clear behind the reply to STARTTLS");
        peer.SessionCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(TlsMode.Opportunistic, ", opportunistic")]
    [InlineData(TlsMode.Required, ", certificate verified")]
    public async Task A_trace_tells_encryption_from_a_proven_name(TlsMode tls, string end)
    {
        await using var peer = new Peer { Certificate = TestCertificates.Localhost };
        var options = new OutboundOptions { TrustFile = _trustFile };
        await using var connection = (await new SmtpConnector(options, TimeProvider.System).OpenAsync(peer.Hop(tls), Stop)).Connection.ShouldNotBeNull();
        connection.TlsDescription.ShouldNotBeNull().ShouldEndWith(end);
    }

    [Fact]
    public async Task What_was_offered_in_clear_is_forgotten_within_TLS()
    {
        await using var peer = new Peer { Certificate = TestCertificates.Localhost, Extensions = ["SIZE 100000", "8BITMIME", "SMTPUTF8"], ExtensionsInTls = ["PIPELINING"] };
        await using var connection = (await new SmtpConnector(new OutboundOptions(), TimeProvider.System).OpenAsync(peer.Hop(TlsMode.Opportunistic), Stop)).Connection!;
        connection.Capabilities.Pipelining.ShouldBeTrue();
        connection.Capabilities.Size.ShouldBeFalse();
        connection.Capabilities.EightBitMime.ShouldBeFalse();
        connection.TlsDescription.ShouldStartWith("Tls1");
        peer.Commands.Count(c => c.StartsWith("EHLO", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("AUTH LOGIN PLAIN", "AUTH PLAIN AHUAcMOkc3M=")]
    [InlineData("AUTH=PLAIN", "AUTH PLAIN AHUAcMOkc3M=")]
    public async Task The_smarthost_is_told_account_and_password_over_verified_TLS(string offer, string command)
    {
        await using var peer = new Peer { Certificate = TestCertificates.Localhost, ExtensionsInTls = [offer] };
        (await AttemptAsync(peer, TlsMode.Required, _trustFile, new SubmissionCredential("u", "päss"))).Kind.ShouldBe(OutcomeKind.Delivered);
        peer.Commands.ShouldContain(command);
    }

    [Fact]
    public async Task AUTH_LOGIN_is_spoken_where_PLAIN_is_not_offered()
    {
        await using var peer = new Peer
        {
            Certificate = TestCertificates.Localhost,
            ExtensionsInTls = ["AUTH LOGIN"],
            On = line => line switch
            {
                "AUTH LOGIN" => "334 VXNlcm5hbWU6",
                "dXNlcg==" => "334 UGFzc3dvcmQ6",
                "cGFzcw==" => "235 2.7.0 welcome",
                _ => null,
            },
        };
        (await AttemptAsync(peer, TlsMode.Required, _trustFile, new SubmissionCredential("user", "pass"))).Kind.ShouldBe(OutcomeKind.Delivered);
    }

    [Theory]
    [InlineData("535 5.7.8 wrong password", "AUTH PLAIN")]
    [InlineData("235 2.7.0 welcome", "AUTH CRAM-MD5")]
    public async Task A_login_that_fails_keeps_mail_back_and_refuses_nobody(string reply, string offer)
    {
        await using var peer = new Peer
        {
            Certificate = TestCertificates.Localhost,
            ExtensionsInTls = [offer],
            On = line => line.StartsWith("AUTH", StringComparison.Ordinal) ? reply : null,
        };
        var outcome = await AttemptAsync(peer, TlsMode.Required, _trustFile, new SubmissionCredential("user", "pass"));
        outcome.Kind.ShouldBe(OutcomeKind.Deferred);
        outcome.Phase.ShouldBe(SessionPhase.Auth);
        outcome.Reply.EnhancedCode.ShouldBe("4.7.8");
    }

    [Theory]
    [InlineData(TlsMode.None)]
    [InlineData(TlsMode.Opportunistic)]
    public async Task A_password_is_never_sent_without_verified_TLS(TlsMode tls)
    {
        await using var peer = new Peer { Certificate = TestCertificates.Localhost, Extensions = ["AUTH PLAIN"] };
        var outcome = await AttemptAsync(peer, tls, null, new SubmissionCredential("user", "pass"));
        outcome.Phase.ShouldBe(SessionPhase.Auth);
        peer.Commands.ShouldNotContain(c => c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    private static async Task<Outcome> AttemptAsync(Peer peer, TlsMode tls, string? trustFile = null, SubmissionCredential? credential = null)
    {
        var opened = await new SmtpConnector(new OutboundOptions { TrustFile = trustFile }, TimeProvider.System).OpenAsync(peer.Hop(tls, credential), Stop);
        if (!opened.IsOpen)
        {
            return opened.Failure;
        }

        var transaction = new OutboundTransaction("", ["b@example.com"], CopyOctets.Whole(Encoding.ASCII.GetBytes("A: b\r\n\r\nc\r\n")));
        var results = await opened.Connection.SendAsync(transaction, null, Stop);
        await opened.Connection.QuitAsync();
        return results[0].Outcome;
    }
}
