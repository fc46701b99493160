namespace ListServer.Smtp.Tests;

/// <summary>RFC 3030, and SEC-7 for BDAT.</summary>
public sealed class ChunkTests
{
    private const string Envelope = "C: MAIL FROM:<a@b.example>\nC: RCPT TO:<list@example.org>\nS: 250\nS: 250\n";

    public static TheoryData<string, string, int> Dialogues => new()
    {
        { "one chunk", Envelope + "R: BDAT 3 LAST\\r\\na\\r\\n\nS: 250 2.0.0 Kept", 1 },
        { "two chunks", Envelope + "R: BDAT 3\\r\\na\\r\\nBDAT 3 LAST\\r\\nb\\r\\n\nS: 250 2.0.0 3 octets\nS: 250 2.0.0 Kept", 1 },
        { "an empty last chunk", Envelope + "R: bdat 3\\r\\na\\r\\nBDAT 0 last\\r\\n\nS: 250 2.0.0\nS: 250 2.0.0 Kept", 1 },
        { "an empty message", Envelope + "C: BDAT 0 LAST\nS: 250 2.0.0 Kept", 1 },
        { "CRLF over two chunks", Envelope + "R: BDAT 2\\r\\na\\rBDAT 2 LAST\\r\\n\\nb\nS: 250\nS: 250 2.0.0 Kept", 1 },
        { "CRLF.CRLF is text", Envelope + "R: BDAT 7 LAST\\r\\na\\r\\n.\\r\\nb\nS: 250 2.0.0 Kept", 1 },
        { "no dots are unstuffed", Envelope + "R: BDAT 4 LAST\\r\\n..\\r\\n\nS: 250 2.0.0 Kept", 1 },
        { "without MAIL", "R: BDAT 6\\r\\nRSET\\r\\n\nS: 503 5.5.1\nC: NOOP\nS: 250", 0 },
        { "without recipients", "C: MAIL FROM:<>\nS: 250\nR: BDAT 6 LAST\\r\\nQUIT\\r\\n\nS: 554 5.5.1\nC: NOOP\nS: 250", 0 },
        { "DATA after BDAT", Envelope + "R: BDAT 3\\r\\na\\r\\n\nS: 250\nC: DATA\nS: 503 5.5.1\nC: BDAT 0 LAST\nS: 250 2.0.0 Kept", 1 },
        { "RCPT after BDAT", Envelope + "R: BDAT 3\\r\\na\\r\\n\nS: 250\nC: RCPT TO:<list@example.org>\nS: 503 5.5.1", 0 },
        { "MAIL after BDAT", Envelope + "R: BDAT 3\\r\\na\\r\\n\nS: 250\nC: MAIL FROM:<>\nS: 503 5.5.1", 0 },
        { "RSET after BDAT", Envelope + "R: BDAT 3\\r\\na\\r\\n\nS: 250\nC: RSET\nS: 250\nC: BDAT 0 LAST\nS: 503 5.5.1", 0 },
        { "bare LF", Envelope + "R: BDAT 2 LAST\\r\\na\\n\nS: 550 5.6.0\nC: NOOP\nS: 250", 0 },
        { "bare CR", Envelope + "R: BDAT 3 LAST\\r\\na\\rb\nS: 550 5.6.0", 0 },
        { "bare CR at the end", Envelope + "R: BDAT 2 LAST\\r\\na\\r\nS: 550 5.6.0", 0 },
        { "bare CR at the end of a chunk", Envelope + "R: BDAT 2\\r\\na\\rBDAT 1 LAST\\r\\nb\nS: 250\nS: 550 5.6.0", 0 },
        { "NUL", Envelope + "R: BDAT 2 LAST\\r\\na\\0\nS: 550 5.6.0", 0 },
        { "chunks behind a fault", Envelope + "R: BDAT 2\\r\\na\\nBDAT 1\\r\\nbBDAT 1 LAST\\r\\nc\nS: 550 5.6.0\nS: 503 5.5.1\nS: 503 5.5.1\nC: MAIL FROM:<>\nS: 250", 0 },
        { "LF.LF and commands within a chunk", Envelope + "R: BDAT 31 LAST\\r\\na\\n.\\nMAIL FROM:<e@b.example>\\r\\n\\r\\n\nS: 550 5.6.0\nC: NOOP\nS: 250", 0 },
        { "a size that is none", Envelope + "C: BDAT x LAST\nC: MAIL FROM:<>\nS: 501 5.5.4\nS: closed", 0 },
        { "a negative size", Envelope + "C: BDAT -1 LAST\nS: 501 5.5.4\nS: closed", 0 },
        { "no size", Envelope + "C: BDAT\nS: 501 5.5.4\nS: closed", 0 },
        { "a size beyond numbers", Envelope + "C: BDAT 99999999999999999999 LAST\nS: 501 5.5.4\nS: closed", 0 },
        { "a size beyond reason", Envelope + "C: BDAT 9999999999 LAST\nS: 552 5.3.4\nS: closed", 0 },
        { "a word that is not LAST", Envelope + "C: BDAT 3 FIRST\nS: 501 5.5.4\nS: closed", 0 },
    };

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task Chunks_are_taken_by_their_count_of_octets(string fact, string dialogue, int messages)
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync("S: 220\nC: EHLO c\nS: 250\n" + dialogue);
        house.Reception.Messages.Count.ShouldBe(messages, fact);
        await Until.TrueAsync(() => house.Reception.StillOpen == 0);
    }

    [Fact]
    public async Task The_octets_of_all_chunks_make_the_message()
    {
        await using var house = await House.OpenAsync();
        await house.PlayAsync($"S: 220\nC: EHLO c\nS: 250\n{Envelope}R: BDAT 3\\r\\n.\\r\\nBDAT 0\\r\\nBDAT 5 LAST\\r\\n.\\r\\nxy\nS: 250\nS: 250\nS: 250 2.0.0 Kept");
        house.Reception.Messages.ShouldHaveSingleItem().Octets.ShouldBe(".\r\n.\r\nxy");
    }

    [Fact]
    public async Task The_size_is_that_of_all_chunks()
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { MaxMessageSize = 4 });
        await house.PlayAsync($"S: 220\nC: EHLO c\nS: 250\n{Envelope}R: BDAT 3\\r\\naaaBDAT 2\\r\\nbbBDAT 1 LAST\\r\\nc\nS: 250\nS: 552 5.3.4\nS: 503\nC: NOOP\nS: 250");
        house.Reception.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Commands_within_a_chunk_never_become_a_second_transaction()
    {
        await using var house = await House.OpenAsync();
        const string Smuggled = "a\r\n.\r\nMAIL FROM:<e@b.example>\r\nRCPT TO:<list@example.org>\r\nDATA\r\nevil\r\n.\r\n";
        await using var caller = await house.CallAsync();
        await caller.PlayAsync("S: 220\nC: EHLO c\nS: 250\n" + Envelope);
        await caller.SendAsync($"BDAT {Smuggled.Length} LAST\r\n{Smuggled}QUIT\r\n");
        await caller.PlayAsync("S: 250 2.0.0 Kept\nS: 221\nS: closed");
        house.Reception.Messages.ShouldHaveSingleItem().Octets.ShouldBe(Smuggled);
        house.Reception.Senders.Count.ShouldBe(1);
    }
}
