using ListServer.Lists;
using ListServer.Outbound;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Outbound;

/// <summary>AUTH-81: who left gets nothing more of the list, whenever the copy was queued.</summary>
public sealed class DeparturesTests : IAsyncDisposable
{
    private const string List = "list@lists.example";
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("departures-").FullName;
    private readonly FakeTimeProvider _time = new(Start);
    private readonly ListStore _store;
    private readonly Departures _departures;

    public DeparturesTests()
    {
        _store = ListStore.Open(new StoreOptions(_folder), _time, NullLogger.Instance);
        _departures = new Departures(_store, Start);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Who_is_removed_has_left_and_the_others_have_not()
    {
        await CommitAsync(new MembersSaved(List, [Member("ann@a.example"), Member("ben@b.example")]));
        await CommitAsync(new MembersRemoved(List, ["ANN@a.example"]));
        _departures.Has(Group(Start), "ann@a.example").ShouldBeTrue();
        _departures.Has(Group(Start), "ben@b.example").ShouldBeFalse();
    }

    [Fact]
    public async Task Who_switched_delivery_off_has_left_until_it_is_on_again()
    {
        await CommitAsync(new MembersSaved(List, [Member("ann@a.example") with { IsReceiving = false }]));
        _departures.Has(Group(Start), "ann@a.example").ShouldBeTrue();
        await CommitAsync(new MembersSaved(List, [Member("ann@a.example")]));
        _departures.Has(Group(Start), "ann@a.example").ShouldBeFalse();
    }

    [Fact]
    public async Task When_more_left_than_are_remembered_each_is_looked_up()
    {
        await CommitAsync(new MembersSaved(List, [Member("ann@a.example")]));
        await CommitAsync(new MembersRemoved(List, [.. Enumerable.Range(0, 10_001).Select(i => $"m{i}@a.example")]));
        _departures.Has(Group(Start), "m7@a.example").ShouldBeTrue();
        _departures.Has(Group(Start), "ann@a.example").ShouldBeFalse();
    }

    [Fact]
    public void What_was_queued_before_the_start_is_looked_up() =>
        _departures.Has(Group(Start.AddMinutes(-1)), "ann@a.example").ShouldBeTrue();

    [Fact]
    public async Task Nobody_receives_a_list_that_is_gone()
    {
        await CommitAsync(new ListRemoved(List));
        _departures.Has(Group(Start), "ann@a.example").ShouldBeTrue();
    }

    private async Task CommitAsync(Change change)
    {
        await _store.CommitAsync(change, TestContext.Current.CancellationToken);
        _departures.Notice([change]);
    }

    private static Member Member(string address) => new(List, address, "", MemberRole.Member, Start, "test");

    private static QueueGroup Group(DateTimeOffset at) => new(
        OrderedId.New(TimeProvider.System), "post", List, "a.example", "copy", "list-bounces@lists.example", [new QueueRecipient("ann@a.example")], at, at.AddDays(5));
}
