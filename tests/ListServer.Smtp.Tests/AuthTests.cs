using System.Text;

namespace ListServer.Smtp.Tests;

/// <summary>RFC 4954 and RFC 6409.</summary>
public sealed class AuthTests
{
    private const string Good = "AGFubmEAc2VjcmV0"; // NUL anna NUL secret
    private const string Anna = "YW5uYQ==";
    private const string Secret = "c2VjcmV0";

    public static TheoryData<string, string> Dialogues => new()
    {
        { "PLAIN with an initial response", $"C: AUTH PLAIN {Good}\nS: 235 2.7.0\nC: MAIL FROM:<a@example.org>\nS: 250" },
        { "PLAIN without", $"C: auth plain\nS: 334 \nC: {Good}\nS: 235 2.7.0" },
        { "PLAIN for oneself", $"C: AUTH PLAIN {Base64("anna\0anna\0secret")}\nS: 235 2.7.0" },
        { "PLAIN for another", $"C: AUTH PLAIN {Base64("bert\0anna\0secret")}\nS: 535 5.7.8" },
        { "PLAIN with a wrong password", $"C: AUTH PLAIN {Base64("\0anna\0wrong")}\nS: 535 5.7.8\nC: MAIL FROM:<a@example.org>\nS: 530 5.7.0" },
        { "PLAIN without password", $"C: AUTH PLAIN {Base64("\0anna\0")}\nS: 501 5.5.2" },
        { "PLAIN without NUL", $"C: AUTH PLAIN {Anna}\nS: 501 5.5.2" },
        { "PLAIN with too many NUL", $"C: AUTH PLAIN {Base64("\0anna\0secret\0")}\nS: 501 5.5.2" },
        { "PLAIN empty", "C: AUTH PLAIN =\nS: 501 5.5.2" },
        { "LOGIN", $"C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: {Anna}\nS: 334 UGFzc3dvcmQ6\nC: {Secret}\nS: 235 2.7.0" },
        { "LOGIN with an initial response", $"C: AUTH LOGIN {Anna}\nS: 334 UGFzc3dvcmQ6\nC: {Secret}\nS: 235 2.7.0" },
        { "LOGIN with a wrong password", $"C: AUTH LOGIN {Anna}\nS: 334\nC: {Anna}\nS: 535 5.7.8" },
        { "cancelled", $"C: AUTH LOGIN\nS: 334\nC: *\nS: 501 5.7.0\nC: AUTH PLAIN\nS: 334\nC: *\nS: 501 5.7.0\nC: AUTH PLAIN {Good}\nS: 235" },
        { "no base64", "C: AUTH PLAIN !!!!\nS: 501 5.5.2\nC: AUTH LOGIN\nS: 334\nC: a b=\nS: 501 5.5.2" },
        { "half a base64", "C: AUTH PLAIN AGFubmEAc2VjcmV\nS: 501 5.5.2" },
        { "not UTF-8", "C: AUTH PLAIN AP8A/w==\nS: 501 5.5.2" },
        { "unknown mechanism", "C: AUTH CRAM-MD5\nS: 504 5.5.4\nC: AUTH\nS: 501 5.5.4" },
        { "twice", $"C: AUTH PLAIN {Good}\nS: 235\nC: AUTH PLAIN {Good}\nS: 503 5.5.1" },
        { "MAIL without", "C: MAIL FROM:<a@example.org>\nS: 530 5.7.0 Authentication" },
        { "three wrong passwords", $"C: AUTH PLAIN {Base64("\0a\0b")}\nS: 535\nC: AUTH PLAIN {Base64("\0a\0c")}\nS: 535\nC: AUTH PLAIN {Base64("\0a\0d")}\nS: 535\nS: 421 4.7.0\nS: closed" },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Submission_wants_a_name_and_its_password(string fact, string dialogue)
    {
        await using var house = await House.OpenAsync(SmtpRole.Submission, change: endpoint => endpoint with { IsTlsImplicit = true });
        fact.ShouldNotBeEmpty();
        await house.PlayAsync("TLS\nS: 220\nC: EHLO c\nS: 250\n" + dialogue);
    }

    [Fact]
    public async Task In_clear_neither_AUTH_nor_MAIL_is_taken_on_a_submission_port()
    {
        await using var house = await House.OpenAsync(SmtpRole.Submission);
        await house.PlayAsync($"""
            S: 220
            C: EHLO client.example
            S: 250
            C: AUTH PLAIN {Good}
            S: 538 5.7.11
            C: MAIL FROM:<a@example.org>
            S: 530 5.7.0 Must issue a STARTTLS
            C: STARTTLS
            S: 220
            TLS
            C: AUTH PLAIN {Good}
            S: 503 5.5.1 Say hello
            C: EHLO client.example
            S: 250
            C: AUTH PLAIN {Good}
            S: 235
            C: MAIL FROM:<a@example.org>
            S: 250
            """);
        house.Reception.Passwords.ShouldBe(["anna:secret"]);
        var client = house.Reception.Senders.ShouldHaveSingleItem();
        client.Account.ShouldBe("anna");
        client.Protocol.ShouldBe("ESMTPSA");
    }

    [Theory]
    [InlineData(9000, "235 2.7.0")]
    [InlineData(12300, "500 5.5.2")]
    public async Task An_AUTH_line_may_be_longer_than_others_but_has_a_limit(int length, string reply)
    {
        await using var house = await House.OpenAsync(SmtpRole.Submission, change: endpoint => endpoint with { IsTlsImplicit = true });
        var name = new string('n', (length * 3 / 4) - 8);
        await house.PlayAsync($"TLS\nS: 220\nC: EHLO c\nS: 250\nC: AUTH PLAIN {Base64($"\0{name}\0secret")}\nS: {reply}\nC: NOOP\nS: 250");
    }

    [Fact]
    public async Task An_answer_line_that_is_too_long_ends_the_exchange()
    {
        await using var house = await House.OpenAsync(SmtpRole.Submission, change: endpoint => endpoint with { IsTlsImplicit = true });
        await house.PlayAsync($"TLS\nS: 220\nC: EHLO c\nS: 250\nC: AUTH PLAIN\nS: 334\nC: {new string('A', 12_400)}\nS: 500 5.5.6\nC: NOOP\nS: 250");
    }

    [Fact]
    public async Task A_bare_LF_in_an_answer_ends_the_session()
    {
        await using var house = await House.OpenAsync(SmtpRole.Submission, change: endpoint => endpoint with { IsTlsImplicit = true });
        await house.PlayAsync($"TLS\nS: 220\nC: EHLO c\nS: 250\nC: AUTH PLAIN\nS: 334\nR: {Good}\\n\nS: 500 5.5.2\nS: closed");
        house.Reception.Passwords.ShouldBeEmpty();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
