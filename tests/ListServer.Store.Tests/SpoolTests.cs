using System.Buffers;

namespace ListServer.Store.Tests;

public sealed class SpoolTests : StoreFixture
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(200_001)]
    [InlineData(3_000_000)]
    public async Task Octets_come_back_as_they_went_in(int length)
    {
        var octets = new byte[length];
        Random.Shared.NextBytes(octets);
        var store = Open();
        var id = Sample.NewId();
        await using (var writer = store.Spool.Create())
        {
            for (var at = 0; at < length; at += 9999)
            {
                await writer.WriteAsync(new ReadOnlySequence<byte>(octets, at, Math.Min(9999, length - at)), Cancel);
            }

            writer.Length.ShouldBe(length);
            await writer.CommitAsync(id, Cancel);
        }

        using var content = store.Spool.Open(id);
        content.Octets.Span.SequenceEqual(octets).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_not_committed_is_forgotten()
    {
        var store = Open();
        await using (var writer = store.Spool.Create())
        {
            await writer.WriteAsync(new byte[200_000], Cancel);
            Directory.GetFiles(PathOf("spool", "tmp")).Length.ShouldBe(1);
        }

        Directory.GetFiles(PathOf("spool"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("01HZZZZZZZZZZZZZZZZZZZZZZ/")]
    public void A_name_that_is_no_identifier_is_refused(string id) => Should.Throw<ArgumentException>(() => Open().Spool.Contains(id));

    [Fact]
    public void Identifiers_sort_by_the_time_they_were_made()
    {
        var ids = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            ids.Add(OrderedId.New(Time));
        }

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => OrderedId.IsValid(id) && id.Length == 26);
    }

    [Fact]
    public void A_key_is_kept_once_and_never_overwritten()
    {
        var keys = Open().Keys;
        keys.TryAdd(new Keys.StoredKey("Lists.example", "s1", "first")).ShouldBeTrue();
        keys.TryAdd(new Keys.StoredKey("lists.example", "S1", "second")).ShouldBeFalse();
        keys.TryAdd(new Keys.StoredKey("lists.example", "s2", "other")).ShouldBeTrue();
        keys.Load("lists.example", "s1")!.Pem.ShouldBe("first");
        keys.Load("lists.example", "s3").ShouldBeNull();
        keys.Selectors("lists.example").ShouldBe(["s1", "s2"]);
        keys.Selectors("other.example").ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => keys.Load("../lists.example", "s1"));
        Should.Throw<ArgumentException>(() => keys.Load("lists.example", "a..b"));
    }
}
