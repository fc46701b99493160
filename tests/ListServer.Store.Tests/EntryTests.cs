using System.Text.Json;
using ListServer.Store.Queue;
using ListServer.Store.Tables;

namespace ListServer.Store.Tests;

/// <summary>What is seen of an entry does not depend on whether its octets were made yet.</summary>
public sealed class EntryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void A_group_that_passes_reads_as_it_would_from_disk()
    {
        var group = new QueueGroup("g", "p", "l@l.example", "d.example", "c", "l-bounces@l.example", [new("ann@d.example"), new("ben@d.example", "personal")], Now, Now.AddDays(5));
        var again = new Entry("Gg", Entry.Of("Gg", group).Value).Read<QueueGroup>();
        again.Recipients.ShouldBe(group.Recipients);
        (again with { Recipients = group.Recipients }).ShouldBe(group);
        Reread(GroupState.Of(group) with { LastReply = "mx said to RCPT TO: 450 4.2.0 später \u0001" });
        Reread(new PostTally(5, 1, 1, 1, 1, 1));
    }

    [Fact]
    public void A_key_that_is_gone_has_no_octets_and_one_with_a_record_has()
    {
        new Entry("k", null).IsGone.ShouldBeTrue();
        new Entry("k", null).Value.ShouldBeNull();
        var entry = Entry.Of("k", new PostTally(1, 0, 0, 0));
        entry.IsGone.ShouldBeFalse();
        entry.Value.ShouldBe(JsonSerializer.SerializeToUtf8Bytes(new { Recipients = 1, Delivered = 0, Refused = 0, Expired = 0, Withdrawn = 0, Stopped = 0 }));
    }

    private static void Reread<T>(T record)
        where T : class
    {
        var entry = Entry.Of("k", record);
        entry.Read<T>().ShouldBeSameAs(record);
        new Entry("k", entry.Value).Read<T>().ShouldBe(record);
    }
}
