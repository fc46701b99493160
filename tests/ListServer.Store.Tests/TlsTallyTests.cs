using ListServer.Store.Changes;

namespace ListServer.Store.Tests;

/// <summary>RFC 8460: counts of TLS add up over commits and restarts, and stay within bounds.</summary>
public sealed class TlsTallyTests : StoreFixture
{
    private static readonly DateOnly Day = new(2026, 11, 24);

    [Fact]
    public async Task Counts_of_one_day_domain_and_kind_add_up_and_outlive_a_restart()
    {
        var store = Open();
        await store.CommitAsync(new TlsCounted([Failed("a.example", "x"), Right("a.example"), Right("b.example")]), Cancel);
        await store.CommitAsync(new TlsCounted([Failed("A.example", "x"), Failed("a.example", "y"), Right("a.example") with { Kind = TlsPolicyKind.Sts, Policy = ["mode: testing"] }]), Cancel);
        await store.DisposeAsync();
        store = Open();
        var tallies = store.TlsTallies(Day, "a.example");
        tallies.Select(t => (t.Kind, t.Successes, t.Failures)).ShouldBe([(TlsPolicyKind.NoPolicyFound, 1, 3), (TlsPolicyKind.Sts, 1, 0)]);
        tallies[0].Details.Select(d => (d.Words, d.Count)).ShouldBe([("x", 2), ("y", 1)]);
        tallies[1].Policy.ShouldBe(["mode: testing"]);
        store.TlsTallies(null, null).Count.ShouldBe(3);
        store.TlsTallies(Day.AddDays(1), null).ShouldBeEmpty();
    }

    [Fact]
    public void Beyond_a_hundred_different_failures_only_their_number_is_kept()
    {
        var tally = Enumerable.Range(0, 150).Select(i => Failed("a.example", $"{i}")).Aggregate((one, more) => one.Plus(more));
        (tally.Failures, tally.Details.Length).ShouldBe((150, 100));
    }

    private static TlsTally Right(string domain) => new(Day, domain, TlsPolicyKind.NoPolicyFound) { Successes = 1 };

    private static TlsTally Failed(string domain, string words) => new(Day, domain, TlsPolicyKind.NoPolicyFound)
    {
        Failures = 1,
        Details = [new TlsFailureTally("validation-failure", "mx.example", "192.0.2.1", "192.0.2.2", words, 1)],
    };
}
