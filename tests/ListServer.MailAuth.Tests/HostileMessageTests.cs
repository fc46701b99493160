using ListServer.MailAuth.Arc;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests;

/// <summary>The suites' messages, damaged at random from a fixed seed: an answer each, never an exception.</summary>
public sealed class HostileMessageTests
{
    private static readonly byte[][] Pieces =
    [
        "\r\n"u8.ToArray(), "\r"u8.ToArray(), "\n"u8.ToArray(), "\0"u8.ToArray(), ";"u8.ToArray(), "="u8.ToArray(), ":"u8.ToArray(), " "u8.ToArray(),
        "\r\n "u8.ToArray(), "\""u8.ToArray(), "("u8.ToArray(), [0xFF], "i=1;"u8.ToArray(), "b="u8.ToArray(), "@"u8.ToArray(), "99999999999999999999"u8.ToArray(),
    ];

    [Theory]
    [InlineData("dkim-maildkim")]
    [InlineData("dkim-records")]
    [InlineData("dkim-generated")]
    [InlineData("dkim-stalwart")]
    [InlineData("arc-validate")]
    [InlineData("arc-generated")]
    [InlineData("attack-from")]
    public async Task A_damaged_message_gets_an_answer(string suite)
    {
        var random = new Random(20261124);
        foreach (var row in SuiteCase.Ids(suite).Where((_, i) => i % 4 == 0))
        {
            var item = SuiteCase.Get(row.Data);
            var octets = item.Message.Octets.ToArray();
            for (var i = 0; i < 10; i++)
            {
                octets = Damage(octets, random);
                var message = RawMessage.Parse(octets);
                var signatures = await new DkimVerifier(item.Zone).VerifyAsync(message, TestContext.Current.CancellationToken);
                signatures.ShouldAllBe(s => s.Reason.Length > 0 && s.Verdict != DkimVerdict.None);
                var chain = await new ArcVerifier(item.Zone).VerifyAsync(message, TestContext.Current.CancellationToken);
                chain.Reason.ShouldNotBeEmpty();
                ResultsFields.Claiming(message, "lists.example.org").ShouldAllBe(p => p < message.Fields.Length);
                var results = ResultsFields.Merge(message, "lists.example.org");
                new ArcSealer(Letters.Ed25519Identity, null, Letters.Clock).TrySeal(message, chain, results, out var set, out var refusal).ShouldBe(set is not null);
                (refusal is null).ShouldBe(set is not null);
            }
        }
    }

    private static byte[] Damage(byte[] octets, Random random)
    {
        var at = random.Next(Math.Max(1, Math.Min(octets.Length, 2000)));
        at = Math.Min(at, octets.Length);
        var end = Math.Min(octets.Length, at + random.Next(4));
        var piece = Pieces[random.Next(Pieces.Length)];
        return random.Next(3) switch
        {
            0 => [.. octets[..at], .. piece, .. octets[at..]],
            1 => [.. octets[..at], .. octets[end..]],
            _ => [.. octets[..at], .. piece, .. octets[end..]],
        };
    }
}
