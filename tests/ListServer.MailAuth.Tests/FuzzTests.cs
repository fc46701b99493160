using System.Text;
using ListServer.Fuzz;

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
}
