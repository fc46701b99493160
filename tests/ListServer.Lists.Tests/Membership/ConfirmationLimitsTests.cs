using System.Net;
using ListServer.Lists.Membership;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Lists.Tests.Membership;

/// <summary>AUTH-97, SEC-26.</summary>
public sealed class ConfirmationLimitsTests
{
    private static readonly IPAddress Client = IPAddress.Parse("192.0.2.7");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly ConfirmationLimits _limits;

    public ConfirmationLimitsTests() => _limits = new ConfirmationLimits(_time);

    [Fact]
    public void Fifty_requests_make_two_questions() =>
        Enumerable.Range(0, 50).Count(_ => _limits.TryTake("bob@example.org", Client, isAuthenticated: true)).ShouldBe(2);

    [Fact]
    public void Spellings_of_one_mailbox_count_together() =>
        Enumerable.Range(0, 32).Count(i => _limits.TryTake($"{(i % 2 == 0 ? "bob" : "BOB")}+{i}@Example.org", null, isAuthenticated: true)).ShouldBe(2);

    [Fact]
    public void Mailboxes_that_nobody_vouches_for_share_their_domains_cap() =>
        Enumerable.Range(0, 32).Count(i => _limits.TryTake($"bob{i}@example.org", null, isAuthenticated: false)).ShouldBe(ConfirmationLimits.PerDomain);

    [Fact]
    public void Those_who_proved_who_they_are_do_not() =>
        Enumerable.Range(0, 32).Count(i => _limits.TryTake($"bob{i}@example.org", Client, isAuthenticated: true)).ShouldBe(32);

    [Theory]
    [InlineData("192.0.2.{0}", ConfirmationLimits.PerNetwork)]
    [InlineData("2001:db8:1:{0}::1", ConfirmationLimits.PerNetwork)]
    [InlineData("::ffff:192.0.2.{0}", ConfirmationLimits.PerNetwork)]
    [InlineData("198.51.{0}.1", 100)]
    [InlineData("127.0.0.{0}", 100)]
    public void One_network_asks_so_often_in_the_name_of_others(string pattern, int expected) =>
        Enumerable.Range(0, 100)
            .Count(i => _limits.TryTake($"bob@d{i}.example", IPAddress.Parse(string.Format(null, pattern, i)), isAuthenticated: false))
            .ShouldBe(expected);

    [Fact]
    public void There_is_a_cap_on_all_of_them() =>
        Enumerable.Range(0, 2_000).Count(i => _limits.TryTake($"bob@d{i}.example", null, isAuthenticated: false)).ShouldBe(ConfirmationLimits.InAll);

    [Fact]
    public void A_day_later_it_begins_anew()
    {
        _limits.TryTake("bob@example.org", Client, true);
        _time.Advance(TimeSpan.FromHours(23));
        _limits.TryTake("bob@example.org", Client, true).ShouldBeTrue();
        _limits.TryTake("bob@example.org", Client, true).ShouldBeFalse();

        _time.Advance(TimeSpan.FromHours(1));

        _limits.TryTake("bob@example.org", Client, true).ShouldBeTrue();
        _limits.TryTake("bob@example.org", Client, true).ShouldBeFalse();
    }

    [Fact]
    public void What_was_asked_before_a_restart_counts()
    {
        _limits.Remember("bob+x@example.org", _time.GetUtcNow().AddHours(-2));
        _limits.Remember("bob@example.org", _time.GetUtcNow().AddHours(-1));

        _limits.TryTake("bob@example.org", Client, true).ShouldBeFalse();
    }

    [Fact]
    public void Answers_have_caps_of_their_own()
    {
        var answers = new AnswerLimits(_time);

        Enumerable.Range(0, 50).Count(_ => answers.TryTake("eve@example.org", isAuthenticated: false)).ShouldBe(1);
        Enumerable.Range(0, 50).Count(_ => answers.TryTake("bob@example.org", isAuthenticated: true)).ShouldBe(AnswerLimits.PerAddress);
    }

    [Theory]
    [InlineData("Bob+news@Example.ORG", "bob@example.org")]
    [InlineData("b.o.b+x@googlemail.com", "bob@gmail.com")]
    [InlineData("b.o.b@example.org", "b.o.b@example.org")]
    [InlineData("+x@example.org", "+x@example.org")]
    public void Spellings_fold_into_one_form(string address, string expected) => FoldedAddress.Of(address).ShouldBe(expected);
}
