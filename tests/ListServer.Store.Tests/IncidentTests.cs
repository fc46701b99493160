using ListServer.Lists.Bounces;
using ListServer.Store.Changes;

namespace ListServer.Store.Tests;

/// <summary>AUTH-59: incidents, what ends them, and what a list takes with it.</summary>
public sealed class IncidentTests : StoreFixture
{
    private static readonly Incident Refused = new(
        Sample.List, "gmail.com", IncidentCause.Content, "bank.example", Sample.Start, Sample.Start, 3, "550 5.7.1 spam");

    [Fact]
    public async Task Refusals_add_up_are_told_and_closed_also_over_a_restart()
    {
        await using (var store = Open())
        {
            await store.CommitAsync([new ListSaved(Sample.NewList()), new IncidentCounted(Refused), new IncidentCounted(Refused with { LastAt = Sample.Start.AddHours(1) })], Cancel);
            await store.CommitAsync(new OwnersTold(Sample.List, Sample.Start.AddHours(2), [Refused.Id, "unknown"], []), Cancel);
            store.OpenIncidents.At(Sample.List, "yahoo.com").ShouldBeEmpty();
        }

        await using (var store = Open())
        {
            var open = Refused with { Count = 6, LastAt = Sample.Start.AddHours(1), ToldAt = Sample.Start.AddHours(2) };
            store.Incidents(null).ShouldBe([open]);
            store.OpenIncidents.At(Sample.List, "gmail.com").ShouldBe([open]);
            store.OwnersToldAt(Sample.List).ShouldBe(Sample.Start.AddHours(2));

            await store.CommitAsync(new IncidentsClosed(Sample.List, [Refused.Id, "unknown"], Sample.Start.AddHours(3), "olga"), Cancel);
            await store.CommitAsync(new IncidentsClosed(Sample.List, [Refused.Id], Sample.Start.AddHours(4), "too late"), Cancel);
            store.OpenIncidents.All.ShouldBeEmpty();
            store.OpenIncidents.At(Sample.List, "gmail.com").ShouldBeEmpty();
            store.Incidents(Sample.List).Single().ShouldSatisfyAllConditions(i => i.ClosedBy.ShouldBe("olga"), i => i.ClosedAt.ShouldBe(Sample.Start.AddHours(3)));
        }

        var again = Open();
        again.OpenIncidents.All.ShouldBeEmpty();
        await again.CommitAsync(new IncidentCounted(Refused), Cancel);
        again.OpenIncidents.All.ShouldHaveSingleItem().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_list_that_goes_takes_its_scores_and_incidents_with_it_and_gets_no_new_ones()
    {
        var store = Open();
        await store.CommitAsync(
            [
                new ListSaved(Sample.NewList()),
                new MembersSaved(Sample.List, [Sample.NewMember("mia@office.example")]),
                new BounceCounted(Sample.List, "mia@office.example", RefusalClass.Address, Sample.Start, "550"),
                .. Enumerable.Range(1, 4).Select(day => new BounceCounted(Sample.List, "mia@office.example", RefusalClass.Address, Sample.Start.AddDays(day), "550")),
                new IncidentCounted(Refused),
                new OwnersTold(Sample.List, Sample.Start, [], []),
            ],
            Cancel);
        store.Suspensions(Sample.List).ShouldHaveSingleItem();
        store.MemberNews().ShouldHaveSingleItem();
        await store.CommitAsync(new ListRemoved(Sample.List), Cancel);
        await store.CommitAsync(new IncidentCounted(Refused), Cancel);

        store.FindBounceScore(Sample.List, "mia@office.example").ShouldBeNull();
        store.Suspensions(null).ShouldBeEmpty();
        store.MemberNews().ShouldBeEmpty();
        store.Incidents(null).ShouldBeEmpty();
        store.OpenIncidents.All.ShouldBeEmpty();
        store.OwnersToldAt(Sample.List).ShouldBeNull();
    }

    [Fact]
    public async Task An_old_score_shows_no_more()
    {
        var store = Open();
        await store.CommitAsync([new ListSaved(Sample.NewList()), new MembersSaved(Sample.List, [Sample.NewMember("mia@office.example")])], Cancel);
        await store.CommitAsync(new BounceCounted(Sample.List, "mia@office.example", RefusalClass.Address, Sample.Start, "550"), Cancel);

        Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        store.FindBounceScore(Sample.List, "mia@office.example").ShouldNotBeNull();
        Time.Advance(TimeSpan.FromSeconds(1));
        store.FindBounceScore(Sample.List, "mia@office.example").ShouldBeNull();
    }
}
