using System.Text.Json;
using ListServer.Lists;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Tests;

public sealed class KeepingTests : StoreFixture
{
    [Fact]
    public async Task Domains_lists_and_accounts_are_found_whatever_their_case_and_after_a_restart()
    {
        var store = Open();
        await store.CommitAsync(
            [
                new DomainSaved(new MailDomain("lists.example", "s1")),
                new ListSaved(Sample.NewList()),
                new AccountSaved(new Account("Anna", "hash", ["anna@lists.example"])),
            ],
            Cancel);
        Check(store);
        await store.DisposeAsync();
        Check(Open());

        static void Check(ListStore store)
        {
            store.FindDomain("LISTS.example").ShouldBe(new MailDomain("lists.example", "s1"));
            store.FindList("Talk@Lists.Example").ShouldBe(Sample.NewList());
            store.FindAccount("anna")!.Addresses.ShouldBe(["anna@lists.example"]);
            store.FindList("nobody@lists.example").ShouldBeNull();
            store.Lists.Count.ShouldBe(1);
        }
    }

    /// <summary>AUTH-54: a list whose name leaves no room for a token is known to reverse-paths by a short one.</summary>
    [Fact]
    public async Task A_list_with_a_long_name_is_found_by_its_short_one_until_it_is_gone()
    {
        var list = Sample.NewList() with { LocalPart = "a-name-of-27-characters-xxx" };
        await using (var store = Open())
        {
            await store.CommitAsync([new ListSaved(list), new ListSaved(Sample.NewList())], Cancel);
        }

        var again = Open();
        again.FindList(ListAddress.ShortNameOf(list.Address)).ShouldBe(list);
        again.FindList(ListAddress.ShortNameOf(Sample.List)).ShouldBeNull();
        await again.CommitAsync(new ListRemoved(list.Address), Cancel);
        again.FindList(ListAddress.ShortNameOf(list.Address)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_removed_stays_removed()
    {
        var store = Open();
        await store.CommitAsync([new DomainSaved(new MailDomain("lists.example")), new ListSaved(Sample.NewList()), Sample.NewMembers(0, 3)], Cancel);
        await store.DisposeAsync();
        store = Open();
        await store.CommitAsync([new DomainRemoved("lists.example"), new ListRemoved(Sample.List)], Cancel);
        await store.DisposeAsync();
        store = Open();
        store.Domains.ShouldBeEmpty();
        store.FindList(Sample.List).ShouldBeNull();
        store.Members(Sample.List, null, 10).ShouldBeEmpty();
        store.CountMembers(Sample.List).ShouldBe(0);
        store.Receivers(Sample.List).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_post_comes_back_with_every_authentication_result()
    {
        var post = Sample.NewPost(PostState.Held);
        var store = Open();
        await store.CommitAsync(new PostSaved(post), Cancel);
        await store.DisposeAsync();
        var found = Open().FindPost(post.Id)!;
        JsonSerializer.Serialize(found).ShouldBe(JsonSerializer.Serialize(post));
        found.Report.Dkim.ShouldBe(post.Report.Dkim);
        found.Report.Arc.Sealers.ShouldBe(["one.example", "two.example"]);
        (found with { Report = post.Report }).ShouldBe(post);
    }

    [Fact]
    public async Task Settings_that_older_octets_lack_get_their_defaults()
    {
        var list = StoreJson.Read<MailingList>("""{"LocalPart":"a","Domain":"b.example","DisplayName":"A"}"""u8);
        list.ShouldBe(new MailingList { LocalPart = "a", Domain = "b.example", DisplayName = "A" });
        list.Language.ShouldBe("en");
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Posts_are_listed_newest_first_by_list_and_state_and_page()
    {
        var store = Open();
        var posts = new List<Post>();
        for (var i = 0; i < 12; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            var list = i % 2 == 0 ? Sample.List : "other@lists.example";
            posts.Add(Sample.NewPost(i % 3 == 0 ? PostState.Held : PostState.Discarded, list, OrderedId.New(Time)));
            await store.CommitAsync(new PostSaved(posts[i]), Cancel);
        }

        posts.Reverse();
        Ids(store.Posts(null, null, null, 100)).ShouldBe(Ids(posts));
        Ids(store.Posts(null, PostState.Held, null, 100)).ShouldBe(Ids(posts.Where(p => p.State == PostState.Held)));
        Ids(store.Posts("TALK@lists.example", null, null, 100)).ShouldBe(Ids(posts.Where(p => p.List == Sample.List)));
        Ids(store.Posts(Sample.List, PostState.Discarded, null, 2)).ShouldBe(Ids(posts.Where(p => p.List == Sample.List && p.State == PostState.Discarded).Take(2)));
        Ids(store.Posts(Sample.List, PostState.Held, null, 100)).ShouldBe(Ids(posts.Where(p => p.List == Sample.List && p.State == PostState.Held)));
        Ids(store.Posts(null, null, posts[3].Id, 4)).ShouldBe(Ids(posts.Skip(4).Take(4)));

        static IEnumerable<string> Ids(IEnumerable<Post> all) => all.Select(p => p.Id);
    }

    [Fact]
    public async Task A_trace_is_told_in_order_over_several_commits_and_a_restart()
    {
        var id = Sample.NewId();
        var store = Open();
        var events = Enumerable.Range(0, 7).Select(i => new TraceEvent(Sample.Start.AddSeconds(i), (TraceStage)i, $"outcome {i}", "why")).ToArray();
        await store.CommitAsync([new TraceAdded(id, [events[0]]), new TraceAdded(id, [events[1], events[2]])], Cancel);
        await store.CommitAsync(new TraceAdded(id, [events[3]]), Cancel);
        await store.DisposeAsync();
        store = Open();
        await store.CommitAsync(new TraceAdded(id, [.. events[4..]]), Cancel);
        store.Trace(id).ShouldBe(events);
        store.Trace(Sample.NewId()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Members_are_paged_by_address_counted_and_replaced()
    {
        var store = Open();
        await store.CommitAsync([Sample.NewMembers(0, 700), Sample.NewMembers(0, 5, "talk@lists.example.other")], Cancel);
        await store.DisposeAsync();
        store = Open();
        await store.CommitAsync(
            [new MembersSaved(Sample.List, [Sample.NewMember("MEMBER000003@d003.example", isReceiving: false), Sample.NewMember("new@d.example")])],
            Cancel);
        await store.CommitAsync(new MembersRemoved(Sample.List, ["member000005@D005.example", "nobody@d.example"]), Cancel);
        store.CountMembers(Sample.List).ShouldBe(700);
        store.FindMember(Sample.List, "member000003@d003.example")!.IsReceiving.ShouldBeFalse();
        store.FindMember(Sample.List, "member000005@d005.example").ShouldBeNull();

        var all = new List<string>();
        for (var page = store.Members(Sample.List, null, 64); page.Count > 0; page = store.Members(Sample.List, page[^1].Address, 64))
        {
            all.AddRange(page.Select(m => m.Address.ToLowerInvariant()));
        }

        all.Count.ShouldBe(700);
        all.ShouldBe(all.Order(StringComparer.Ordinal));
        all.ShouldBeUnique();
    }

    [Fact]
    public async Task The_receivers_are_grouped_by_domain_without_those_who_receive_nothing()
    {
        var store = Open();
        await store.CommitAsync(
            new MembersSaved(Sample.List, [Sample.NewMember("b@Two.example"), Sample.NewMember("a@one.example"), Sample.NewMember("c@two.example"), Sample.NewMember("d@one.example", isReceiving: false)]),
            Cancel);
        Flat().ShouldBe(["one.example: a@one.example", "two.example: b@Two.example c@two.example"]);
        await store.CommitAsync(new MembersRemoved(Sample.List, ["b@two.example"]), Cancel);
        Flat().ShouldBe(["one.example: a@one.example", "two.example: c@two.example"]);

        IEnumerable<string> Flat() => store.Receivers(Sample.List).Destinations.Select(d => $"{d.Domain}: {string.Join(' ', d.Addresses)}");
    }

    [Fact]
    public async Task A_message_id_is_recent_for_its_list_until_its_time_is_over()
    {
        var store = Open(new StoreOptions(Folder) { MessageIdMemory = TimeSpan.FromHours(2) });
        var post = Sample.NewPost();
        await store.CommitAsync(new PostSaved(post), Cancel);
        store.FindRecentPost(Sample.List, post.MessageId).ShouldNotBeNull().Id.ShouldBe(post.Id);
        store.FindRecentPost("other@lists.example", post.MessageId).ShouldBeNull();
        Time.Advance(TimeSpan.FromHours(2));
        store.FindRecentPost(Sample.List, post.MessageId).ShouldBeNull();
    }

    [Fact]
    public async Task A_confirmation_works_until_it_expires_or_is_used()
    {
        var store = Open();
        var one = new Confirmation("hash1", ConfirmationKind.Join, Sample.List, "a@one.example", Sample.Start.AddDays(3));
        var two = one with { TokenHash = "hash2", ExpiresAt = Sample.Start.AddDays(1) };
        await store.CommitAsync([new ConfirmationSaved(one), new ConfirmationSaved(two)], Cancel);
        store.FindConfirmation("hash1").ShouldBe(one);
        Time.Advance(TimeSpan.FromDays(1));
        store.FindConfirmation("hash2").ShouldBeNull();
        await store.CommitAsync(new ConfirmationRemoved("hash1"), Cancel);
        store.FindConfirmation("hash1").ShouldBeNull();
    }

    [Fact]
    public async Task An_account_authenticates_with_its_own_password_only()
    {
        var store = Open();
        await store.CommitAsync(new AccountSaved(new Account("anna", Account.HashPassword("corréct"), [])), Cancel);
        store.FindAccount("Anna")!.HasPassword("corréct").ShouldBeTrue();
        store.FindAccount("anna")!.HasPassword("wrong").ShouldBeFalse();
        Account.HashPassword("corréct").ShouldNotBe(Account.HashPassword("corréct"));
    }

    [Fact]
    public async Task The_secret_is_made_once()
    {
        var store = Open();
        var secret = store.Secret.ToArray();
        secret.Length.ShouldBe(32);
        await store.DisposeAsync();
        Open().Secret.ToArray().ShouldBe(secret);
    }

    [Fact]
    public async Task Listeners_hear_of_every_commit_in_order_and_their_faults_harm_nobody()
    {
        var store = Open();
        var heard = new List<string>();
        store.Committed += changes =>
        {
            heard.AddRange(changes.OfType<DomainSaved>().Select(c => c.Domain.Name));
            throw new InvalidOperationException("a fault");
        };
        for (var i = 0; i < 20; i++)
        {
            await store.CommitAsync(new DomainSaved(new MailDomain($"d{i}.example")), Cancel);
        }

        await store.DisposeAsync();
        heard.ShouldBe(Enumerable.Range(0, 20).Select(i => $"d{i}.example"));
        Log.At(LogLevel.Error).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_second_process_is_told_that_the_folder_is_in_use()
    {
        Open();
        Should.Throw<StoreInUseException>(() => Open()).Message.ShouldContain(Folder);
    }

    [Fact]
    public async Task Everything_that_is_kept_is_for_its_owner_only()
    {
        var store = Open();
        await store.CommitAsync(new PostSaved(Sample.NewPost()), Cancel);
        await store.Spool.StoreAsync(Sample.NewId(), "octets"u8.ToArray(), Cancel);
        store.Keys.TryAdd(new Keys.StoredKey("lists.example", "s1", "PEM")).ShouldBeTrue();
        await store.DisposeAsync();
        foreach (var entry in new DirectoryInfo(Folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            (entry.UnixFileMode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)).ShouldBe(UnixFileMode.None, entry.FullName);
        }
    }
}
