using System.Text;
using ListServer.Fuzz;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests;

/// <summary>The short form of tests/fuzz: the same cases each time.</summary>
public sealed class FuzzTests
{
    private const int Cases = 100;

    /// <summary>Loose, since tests share the machine: work that grows with the square of the input still takes seconds.</summary>
    private const double Limit = FuzzRun.Limit * 6;

    private static readonly FuzzTarget[] Targets = [.. FuzzTarget.All, .. ZoneTargets.All];

    public static TheoryData<string> Parsers => [.. Targets.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Damaged_input_ends_without_exception_and_in_time(string parser)
    {
        var broken = FuzzRun.Try(Targets.Single(t => t.Name == parser), new Mutator(20261124), Cases, Limit);

        (broken is { } found ? $"{found.Fault}\n{Encoding.Latin1.GetString(found.Case[..Math.Min(found.Case.Length, 500)])}" : null).ShouldBeNull();
    }

    public static TheoryData<string> Messages => [.. CostlyMessages.All.Keys];

    /// <summary>AUTH-98: 50 ms for 1 MiB, of this thread's CPU time, the best of four; three times that, since tests share the machine.</summary>
    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_made_to_be_dear_is_verified_in_time(string what) =>
        FuzzRun.Fault(FuzzTarget.All.Single(t => t.Name == "verify"), CostlyMessages.All[what](), FuzzRun.Limit * 3).ShouldBeNull();

    /// <summary>The same for what is done with a message that is not verified by then: its signing, and the search for results in our name.</summary>
    [Fact]
    public void A_header_made_to_be_dear_is_signed_and_searched_in_time()
    {
        var names = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{(char)('!' + (i % 25))}{(char)('A' + (i / 25 % 90))}{(char)('A' + (i / 2250))}:\n")) + "From: a@c.example\r\n\r\n");
        var results = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("Authentication-Results: x" + string.Concat(Enumerable.Repeat(";a=b", 16_000)) + "\r\n", 16)) + "\r\n");
        var signer = new DkimSigner(Letters.RsaIdentity, null, Letters.Clock);

        FuzzRun.Fault(new FuzzTarget("sign", o => _ = signer.Sign(RawMessage.Parse(o))), names, Limit).ShouldBeNull();
        FuzzRun.Fault(new FuzzTarget("claims", o => _ = ResultsFields.Claiming(RawMessage.Parse(o), "mx.example")), results, Limit).ShouldBeNull();
    }
}
