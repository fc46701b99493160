using System.Collections.Concurrent;
using ListServer.MailAuth.Dns;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests.Dns;

public sealed class CachingResolverTests
{
    private static readonly CachingResolverOptions Options = new()
    {
        MaxPositive = TimeSpan.FromHours(1),
        MaxNegative = TimeSpan.FromMinutes(5),
        Failure = TimeSpan.FromSeconds(3),
        MaxAnswers = 100,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly Scripted _inner = new();

    private CachingResolver Cache => field ??= new CachingResolver(_inner, _time, Options);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DnsAnswer Text(string text, int seconds) => new(DnsStatus.Success, [new TxtRecord(text)], TimeSpan.FromSeconds(seconds));

    private async Task<DnsAnswer> AskAsync(string name = "a.example", DnsRecordType type = DnsRecordType.Txt) => await Cache.QueryAsync(name, type, Token);

    [Theory]
    [InlineData(DnsStatus.Success, 10, 10)]
    [InlineData(DnsStatus.Success, 86_400, 3_600)]
    [InlineData(DnsStatus.NoData, 60, 60)]
    [InlineData(DnsStatus.NxDomain, 86_400, 300)]
    [InlineData(DnsStatus.Failure, 0, 3)]
    public async Task An_answer_is_kept_for_its_time_to_live_within_the_caps(DnsStatus status, int ttl, int kept)
    {
        _inner.Answer = new DnsAnswer(status, status == DnsStatus.Success ? [new TxtRecord("x")] : [], TimeSpan.FromSeconds(ttl));
        await AskAsync();
        _time.Advance(TimeSpan.FromSeconds(kept - 1));
        (await AskAsync()).ShouldBeSameAs(_inner.Answer);
        _inner.Asked.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync();
        _inner.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_without_a_time_to_live_is_not_kept()
    {
        _inner.Answer = DnsAnswer.Empty(DnsStatus.NoData);
        await AskAsync();
        await AskAsync();
        _inner.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Names_are_the_same_whatever_their_case_and_final_dot_and_types_are_not()
    {
        _inner.Answer = Text("x", 60);
        await AskAsync("a.example");
        await AskAsync("A.Example.");
        _inner.Asked.Count.ShouldBe(1);
        await AskAsync("a.example", DnsRecordType.A);
        _inner.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_question_under_way_is_sent_once()
    {
        var hold = new TaskCompletionSource<DnsAnswer>();
        _inner.Hold = hold.Task;
        var first = AskAsync();
        var second = AskAsync();
        hold.SetResult(Text("x", 0));
        (await first).ShouldBeSameAs(await second);
        _inner.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_asker_that_gives_up_leaves_the_answer_to_the_others()
    {
        var hold = new TaskCompletionSource<DnsAnswer>();
        _inner.Hold = hold.Task;
        using var cancel = new CancellationTokenSource();
        var first = Cache.QueryAsync("a.example", DnsRecordType.Txt, cancel.Token);
        var second = AskAsync();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await first);
        hold.SetResult(Text("x", 60));
        (await second).Status.ShouldBe(DnsStatus.Success);
    }

    /// <summary>Many messages at once: every name is asked for once, and who gives up takes nothing from the others.</summary>
    [Fact]
    public async Task Under_load_every_question_is_sent_once()
    {
        const int names = 40;
        var hold = new TaskCompletionSource<DnsAnswer>();
        _inner.Hold = hold.Task;
        var cache = Cache;
        using var cancel = new CancellationTokenSource();
        var begun = 0;
        var asked = Enumerable.Range(0, 4_000).Select(i => Task.Run(
            async () =>
            {
                var question = cache.QueryAsync($"n{i % names}.example", DnsRecordType.Txt, i % 3 == 0 ? cancel.Token : Token);
                if (Interlocked.Increment(ref begun) == 2_000)
                {
                    await cancel.CancelAsync();
                    hold.SetResult(Text("x", 60));
                }

                return (await question).Status;
            },
            CancellationToken.None)).ToList();

        // Who gives up may still be handed the answer, when both come at once.
        var ends = await Task.WhenAll(asked.Select(async (ask, i) => i % 3 == 0
            ? await ask.ContinueWith(a => a.IsCanceled || a.Status == TaskStatus.RanToCompletion, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
            : await ask == DnsStatus.Success));

        ends.ShouldAllBe(isRight => isRight);
        _inner.Asked.Count.ShouldBe(names);
    }

    [Fact]
    public async Task An_exception_of_the_resolver_behind_is_not_kept()
    {
        _inner.Hold = Task.FromException<DnsAnswer>(new InvalidOperationException("broken"));
        await Should.ThrowAsync<InvalidOperationException>(async () => await AskAsync());
        _inner.Hold = null;
        _inner.Answer = Text("x", 60);
        (await AskAsync()).Status.ShouldBe(DnsStatus.Success);
    }

    [Fact]
    public async Task The_size_is_bounded_and_what_is_used_stays()
    {
        _inner.Answer = Text("x", 3_600);
        for (var i = 0; i < 1_000; i++)
        {
            await AskAsync($"n{i}.example");
            await AskAsync("used.example");
        }

        _inner.Asked.Count(n => n == "used.example").ShouldBe(1);
        _inner.Asked.Clear();
        for (var i = 0; i < 1_000; i++)
        {
            await AskAsync($"n{i}.example");
        }

        _inner.Asked.Count.ShouldBeGreaterThan(1_000 - Options.MaxAnswers);
    }

    [Fact]
    public async Task Large_answers_count_as_several() // AUTH-98
    {
        _inner.Answer = Text(new string('x', 16_000), 3_600);
        for (var i = 0; i < 6; i++)
        {
            await AskAsync($"n{i}.example");
        }

        await AskAsync("n5.example");
        await AskAsync("n0.example");
        _inner.Asked.Count(name => name == "n5.example").ShouldBe(1);
        _inner.Asked.Count(name => name == "n0.example").ShouldBe(2);
    }

    [Fact]
    public async Task Very_large_answers_are_not_kept() // AUTH-98: they would push out everybody else's
    {
        _inner.Answer = new DnsAnswer(DnsStatus.Success, [.. Enumerable.Repeat(new TxtRecord(""), 600)], TimeSpan.FromHours(1));
        await AskAsync();
        await AskAsync();
        _inner.Asked.Count.ShouldBe(2);
    }

    private sealed class Scripted : IDnsResolver
    {
        public DnsAnswer Answer { get; set; } = DnsAnswer.Empty(DnsStatus.Failure);

        public Task<DnsAnswer>? Hold { get; set; }

        public ConcurrentBag<string> Asked { get; } = [];

        public async ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default)
        {
            Asked.Add(name);
            return Hold is null ? Answer : await Hold;
        }
    }
}
