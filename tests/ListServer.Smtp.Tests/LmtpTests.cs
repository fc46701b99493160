namespace ListServer.Smtp.Tests;

/// <summary>RFC 2033.</summary>
public sealed class LmtpTests
{
    private const string Envelope = """
        S: 220 mx.example.org LMTP
        C: LHLO mta.example
        S: 250
        C: MAIL FROM:<a@b.example>
        S: 250
        C: RCPT TO:<one@example.org>
        S: 250
        C: RCPT TO:<nobody@elsewhere.example>
        S: 550
        C: RCPT TO:<two@example.org>
        S: 250

        """;

    [Theory]
    [InlineData("C: DATA\nS: 354\nC: text\nC: .\n")]
    [InlineData("R: BDAT 6 LAST\\r\\ntext\\r\\n\n")]
    public async Task Each_accepted_recipient_has_its_own_reply_in_order(string message)
    {
        await using var house = await House.OpenAsync(SmtpRole.Lmtp);
        house.Reception.AnswerMessage = transaction =>
            [.. transaction.ForwardPaths.Select(path => path[0] == 'o' ? SmtpReply.Ok("Kept") : new SmtpReply(452, "4.2.2", "Full"))];
        await house.PlayAsync(Envelope + message + "S: 250 2.0.0 Kept\nS: 452 4.2.2 Full\nC: QUIT\nS: 221\nS: closed");
    }

    [Theory]
    [InlineData("R: BDAT 2 LAST\\r\\na\\n\nS: 550 5.6.0\nS: 550 5.6.0\nC: QUIT\nS: 221")]
    [InlineData("R: BDAT 2\\r\\na\\nBDAT 0 LAST\\r\\n\nS: 550 5.6.0\nS: 503 5.5.1\nS: 503 5.5.1\nC: QUIT\nS: 221")]
    [InlineData("C: DATA\nS: 354\nR: a\\n\\r\\n.\\r\\n\nS: 550 5.6.0\nS: 550 5.6.0\nS: closed")]
    public async Task A_message_at_fault_is_refused_for_each_recipient(string message)
    {
        await using var house = await House.OpenAsync(SmtpRole.Lmtp);
        await house.PlayAsync(Envelope + message);
        house.Reception.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task DATA_without_recipients_is_503()
    {
        await using var house = await House.OpenAsync(SmtpRole.Lmtp);
        await house.PlayAsync("S: 220\nC: LHLO m\nS: 250\nC: MAIL FROM:<>\nS: 250\nC: DATA\nS: 503 5.5.1");
    }

    [Theory]
    [InlineData("EHLO")]
    [InlineData("HELO")]
    public async Task Only_LHLO_is_a_hello(string verb)
    {
        await using var house = await House.OpenAsync(SmtpRole.Lmtp);
        await house.PlayAsync($"S: 220\nC: {verb} m\nS: 500 5.5.1\nC: MAIL FROM:<>\nS: 503");
    }
}
