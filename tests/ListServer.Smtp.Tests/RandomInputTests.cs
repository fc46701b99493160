using System.Text;

namespace ListServer.Smtp.Tests;

/// <summary>Whatever octets come, a session ends by itself, in order, and the listener lives.</summary>
public sealed class RandomInputTests
{
    private static readonly string[] Pieces =
    [
        "EHLO c", "HELO c", "MAIL FROM:<>", "MAIL FROM:<a@b.example> SIZE=5", "RCPT TO:<list@example.org>", "RCPT TO:<x", "DATA", "BDAT 5",
        "BDAT 3 LAST", "BDAT", "RSET", "NOOP", "QUIT", "STARTTLS", "AUTH PLAIN", "AUTH LOGIN =", "XCLIENT ADDR=1.2.3.4", "VRFY", ".", "..", "", " ",
        "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n.\r\n", "\r", "\n", "\0", "\u00ff", "<>", "@", "\"", "\\", "[IPv6:", "=", "+",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Random_input_never_crashes_a_session(bool isOctets)
    {
        await using var house = await House.OpenAsync(limits: new SmtpLimits { PerAddress = new(10_000, 10_000), PerNetwork = new(10_000, 10_000), PerWideNetwork = new(10_000, 10_000) });
        var errors = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            await using var caller = await house.CallAsync();
            await SendAsync(caller, isOctets ? Octets(new Random(seed)) : Commands(new Random(seed)), new Random(seed));
            while (await caller.ReplyAsync() is { } reply)
            {
                reply[0].ShouldBeInRange('2', '5', $"seed {seed}");
                errors += reply.StartsWith("421 4.3.0", StringComparison.Ordinal) ? 1 : 0;
            }
        }
        errors.ShouldBe(0);
        await Until.TrueAsync(() => house.Listener.OpenSessions == 0);
        house.Reception.StillOpen.ShouldBe(0);
    }

    private static async Task SendAsync(Caller caller, byte[] octets, Random random)
    {
        try
        {
            for (var at = 0; at < octets.Length;)
            {
                var length = Math.Min(random.Next(1, 200), octets.Length - at);
                await caller.SendAsync(octets[at..(at + length)]);
                at += length;
            }
            caller.Finish();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // The session has had enough; its last replies can still be read.
        }
    }

    private static byte[] Octets(Random random)
    {
        var octets = new byte[random.Next(2000)];
        random.NextBytes(octets);
        return octets;
    }

    private static byte[] Commands(Random random)
    {
        var text = new StringBuilder("EHLO c\r\n");
        var count = random.Next(100);
        for (var i = 0; i < count; i++)
            text.Append(Pieces[random.Next(Pieces.Length)]).Append(random.Next(2) == 0 ? "\r\n" : "");
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
