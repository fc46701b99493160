using ListServer.Lists.Bounces;
using ListServer.Store.Changes;

namespace ListServer.Store.Tests;

/// <summary>AUTH-59: refused copies suspend a member, and only these.</summary>
public sealed class BounceTests : StoreFixture
{
    private const string Mia = "mia@office.example";

    [Fact]
    public async Task Five_days_of_refusals_suspend_a_member_who_then_gets_no_copies_also_after_a_restart()
    {
        await using (var store = Open())
        {
            await store.CommitAsync([new ListSaved(Sample.NewList()), new MembersSaved(Sample.List, [Sample.NewMember(Mia), Sample.NewMember("ben@office.example")])], Cancel);
            for (var day = 0; day < 5; day++)
            {
                store.Receivers(Sample.List).Count.ShouldBe(2);
                await CountAsync(store, Mia.ToUpperInvariant(), RefusalClass.Address, day);
                await CountAsync(store, Mia, RefusalClass.Address, day);
                await CountAsync(store, "ben@office.example", RefusalClass.Policy, day);
                await CountAsync(store, "stranger@office.example", RefusalClass.Address, day);
            }

            store.Receivers(Sample.List).Destinations.Single().Addresses.ShouldBe(["ben@office.example"]);
        }

        var again = Open();
        again.Receivers(Sample.List).Count.ShouldBe(1);
        again.FindMember(Sample.List, Mia)!.SuspendedAt.ShouldBe(Sample.Start.AddDays(4));
        again.FindBounceScore(Sample.List, Mia).ShouldBe(new BounceScore(5, Sample.Start.AddDays(4), "550 no such user"));
        again.FindBounceScore(Sample.List, "ben@office.example").ShouldBeNull();
        again.FindBounceScore(Sample.List, "stranger@office.example").ShouldBeNull();
    }

    [Fact]
    public async Task Who_leaves_and_who_begins_anew_has_nothing_counted()
    {
        var store = Open();
        await store.CommitAsync([new ListSaved(Sample.NewList()), new MembersSaved(Sample.List, [Sample.NewMember(Mia)])], Cancel);
        await CountAsync(store, Mia, RefusalClass.Address, 0);
        await store.CommitAsync(new BouncesForgotten(Sample.List, Mia), Cancel);
        store.FindBounceScore(Sample.List, Mia).ShouldBeNull();

        await CountAsync(store, Mia, RefusalClass.Address, 0);
        await store.CommitAsync(new MembersRemoved(Sample.List, [Mia]), Cancel);
        store.FindBounceScore(Sample.List, Mia).ShouldBeNull();
    }

    [Fact]
    public async Task A_suspension_its_probes_and_its_end_survive_a_restart()
    {
        await using (var store = Open())
        {
            await store.CommitAsync([new ListSaved(Sample.NewList()), new MembersSaved(Sample.List, [Sample.NewMember(Mia), Sample.NewMember("ben@office.example")])], Cancel);
            for (var day = 0; day < 5; day++)
            {
                await CountAsync(store, Mia, RefusalClass.Address, day);
                await CountAsync(store, "ben@office.example", RefusalClass.Address, day);
            }

            var begun = new Suspension(Sample.List, Mia, Sample.Start.AddDays(4), "550 no such user");
            store.FindSuspension(Sample.List, Mia).ShouldBe(begun);
            store.MemberNews().Select(news => (news.Address, news.Event)).ShouldBe([("ben@office.example", MemberEvent.Suspended), (Mia, MemberEvent.Suspended)]);
            await store.CommitAsync([new ProbeSent(Sample.List, Mia, "p1", Sample.Start.AddDays(5)), new ProbeEnded(Sample.List, Mia, "p0", ProbeResult.Failed, "550")], Cancel);
            await store.CommitAsync(new ProbeEnded(Sample.List, Mia, "p1", ProbeResult.Delivered, "250"), Cancel);
            await store.CommitAsync(new MembersRemoved(Sample.List, ["ben@office.example"]), Cancel);
        }

        await using (var store = Open())
        {
            store.Suspensions(null).ShouldBe([new Suspension(Sample.List, Mia, Sample.Start.AddDays(4), "550 no such user", 1, Sample.Start.AddDays(5), "p1", ProbeResult.Delivered)]);
            store.Receivers(Sample.List).Count.ShouldBe(0);
            await store.CommitAsync(new MemberResumed(Sample.List, Mia), Cancel);
            store.Receivers(Sample.List).Count.ShouldBe(1);
        }

        var again = Open();
        again.FindMember(Sample.List, Mia)!.GetsCopies.ShouldBeTrue();
        again.Suspensions(null).ShouldBeEmpty();
        again.FindBounceScore(Sample.List, Mia).ShouldBeNull();
    }

    private static Task CountAsync(ListStore store, string address, RefusalClass refusal, int day) =>
        store.CommitAsync(new BounceCounted(Sample.List, address, refusal, Sample.Start.AddDays(day), "550 no such user"), Cancel);
}
