using System.Text;
using ListServer.Lists.Archiving;
using ListServer.Store.Archive;
using ListServer.Store.Changes;

namespace ListServer.Store.Tests.Archive;

/// <summary>What a list's archive keeps, how it finds it again, and what a crash leaves of it.</summary>
public sealed class ArchiveTests : StoreFixture
{
    [Fact]
    public void Answers_stand_in_the_thread_of_the_nearest_message_they_refer_to_whatever_came_first()
    {
        var archive = Open().Archives.Of(Sample.List);
        archive.Add([Mail("c@x", "Re: Lunch", references: "<a@x> <b@x>"), Mail("a@x", "Lunch"), Mail("z@x", "Other")]);
        archive.Add([Mail("b@x", "Re: Lunch", inReplyTo: "<a@x>")]);

        var threads = archive.Threads(null, 10);

        threads.Select(thread => thread.Messages).Order().ShouldBe([1, 3]);
        var lunch = archive.OfThread(archive.Find(MessageIdHash.Of("<a@x>"))!.Thread, 10);
        lunch.Select(entry => entry.Hash).ShouldBe(new[] { "<c@x>", "<a@x>", "<b@x>" }.Select(MessageIdHash.Of), ignoreOrder: true);
        lunch.Single(entry => entry.Hash == MessageIdHash.Of("<c@x>")).AnswersHash.ShouldBe(MessageIdHash.Of("<b@x>"));
    }

    [Fact]
    public void An_answer_without_references_joins_the_thread_of_its_subject_and_a_new_message_does_not()
    {
        var archive = Open().Archives.Of(Sample.List);
        archive.Add([Mail("a@x", "[talk:7] Menü für Freitag"), Mail("b@x", "AW: [talk:8] Menü für Freitag", minutes: 5), Mail("c@x", "Menü für Freitag", minutes: 9)]);

        archive.Threads(null, 10).Select(thread => thread.Messages).ShouldBe([1, 2]);
    }

    [Fact]
    public void One_message_with_many_references_ties_no_threads_together()
    {
        var archive = Open().Archives.Of(Sample.List);
        archive.Add([Mail("a@x", "One"), Mail("b@x", "Two"), Mail("c@x", "Three")]);
        archive.Add([Mail("d@x", "Re: all", references: "<a@x> <b@x> <c@x>")]);

        archive.Threads(null, 10).Select(thread => thread.Messages).Order().ShouldBe([1, 1, 2]);
    }

    [Theory]
    [InlineData("会議")]
    [InlineData("議")]
    [InlineData("会議室の予約")]
    [InlineData("ｶｲｷﾞ")]
    [InlineData("from:aiko")]
    [InlineData("from:aiko@strict.example 予約")]
    [InlineData("subject:明日 after:2027-03-01 before:2027-03-02")]
    [InlineData("\"quarterly report\" -holiday")]
    [InlineData("GRÜSSE")]
    public void A_search_finds_words_and_parts_of_Japanese_ones(string query)
    {
        var archive = Open().Archives.Of(Sample.List);
        archive.Add([
            Mail("a@x", "明日の会議室の予約", "カイギ quarterly report grüsse", from: "Aiko Sato <aiko@strict.example>"),
            Mail("b@x", "holiday", "report of the quarterly holiday", from: "Ben <ben@plain.example>"),
        ]);

        archive.Search(SearchQuery.Parse(query), null, 10).Select(entry => entry.Hash).ShouldBe([MessageIdHash.Of("a@x")]);
    }

    [Theory]
    [InlineData("\" OR subject : x")]
    [InlineData("') ; DROP TABLE message; --")]
    [InlineData("NEAR(a b) ^ * {subject}: (")]
    [InlineData("会*議")]
    public void Whatever_is_typed_is_words_to_be_found_and_no_language_of_the_index(string query)
    {
        var archive = Open().Archives.Of(Sample.List);
        archive.Add([Mail("a@x", "One")]);

        Should.NotThrow(() => archive.Search(SearchQuery.Parse(query), null, 10));
        archive.Count().ShouldBe(1);
    }

    [Fact]
    public void What_is_archived_twice_stands_there_once_and_another_post_with_its_Message_ID_under_a_name_of_its_own()
    {
        var archive = Open().Archives.Of(Sample.List);
        var post = Mail("a@x", "One");

        archive.Add([post]).ShouldBe(1);
        archive.Add([post]).ShouldBe(0);
        archive.Add([post with { Id = Sample.NewId() }]).ShouldBe(1);
        archive.Add([post with { Id = Sample.NewId(), IsPost = false }]).ShouldBe(0);

        archive.Search(SearchQuery.Parse(""), null, 10).Select(entry => entry.Hash).ShouldBeUnique();
    }

    [Fact] // SEC-31: an archive that stopped at it would keep nothing any more
    public void Text_that_NET_does_not_normalize_is_kept_and_searched_like_any()
    {
        var archive = Open().Archives.Of(Sample.List);

        archive.Add([Mail("a@x", "One \uFFFE garden")]).ShouldBe(1);

        archive.Search(SearchQuery.Parse("garden \uFFFE \uD800"), null, 10).ShouldHaveSingleItem();
    }

    [Fact]
    public void What_was_taken_down_is_gone_from_the_disk_and_stays_away()
    {
        var store = Open();
        var archive = store.Archives.Of(Sample.List);
        var secret = Mail("a@x", "Secret", "my phone number is 555-0100", from: "Ken <ken@x.example>");
        archive.Add([secret, Mail("b@x", "Re: Secret", "never mind", inReplyTo: "<a@x>")]);

        archive.TakeDown(archive.By("KEN@x.example"));
        archive.Rebuild().ShouldBe(1);
        archive.Add([secret with { Id = Sample.NewId(), IsPost = false }]).ShouldBe(0);

        archive.Search(SearchQuery.Parse("555"), null, 10).ShouldBeEmpty();
        archive.Find(MessageIdHash.Of("a@x")).ShouldBeNull();
        archive.Threads(null, 10).Single().Messages.ShouldBe(1);
        foreach (var path in Directory.EnumerateFiles(PathOf("archive", Sample.List), "*.mail"))
        {
            Encoding.UTF8.GetString(File.ReadAllBytes(path)).ShouldNotContain("555-0100");
        }
    }

    [Fact]
    public async Task A_lost_index_and_a_record_cut_short_are_made_up_for_at_the_next_start()
    {
        var store = Open();
        store.Archives.Of(Sample.List).Add([Mail("a@x", "One"), Mail("b@x", "Two")]);
        await store.DisposeAsync();
        var segment = Directory.EnumerateFiles(PathOf("archive", Sample.List), "*.mail").Single();
        var whole = new FileInfo(segment).Length;
        await File.AppendAllTextAsync(segment, "LSA1 torn", Cancel);
        await File.WriteAllTextAsync(PathOf("archive", Sample.List, "index.db"), "no database at all, only words that stand where one stood", Cancel);

        var archive = Open().Archives.Of(Sample.List);

        archive.Search(SearchQuery.Parse(""), null, 10).Count.ShouldBe(2);
        new FileInfo(segment).Length.ShouldBe(whole);
        archive.Add([Mail("c@x", "Three")]).ShouldBe(1);
        Encoding.UTF8.GetString(archive.Read(archive.Find(MessageIdHash.Of("c@x"))!)!).ShouldContain("Subject: Three");
    }

    [Fact]
    public async Task Damage_in_the_middle_costs_the_damaged_message_only()
    {
        var store = Open();
        store.Archives.Of(Sample.List).Add([Mail("a@x", "One"), Mail("b@x", "Two"), Mail("c@x", "Three")]);
        await store.DisposeAsync();
        var segment = Directory.EnumerateFiles(PathOf("archive", Sample.List), "*.mail").Single();
        var octets = await File.ReadAllBytesAsync(segment, Cancel);
        octets[octets.AsSpan().IndexOf("Subject: Two"u8)] ^= 1;
        await File.WriteAllBytesAsync(segment, octets, Cancel);

        Open().Archives.Of(Sample.List).Rebuild().ShouldBe(2);
        Log.At(Microsoft.Extensions.Logging.LogLevel.Critical).ShouldHaveSingleItem().ShouldContain("segment 1");
    }

    [Fact]
    public async Task A_post_that_is_due_keeps_its_octets_until_it_is_archived()
    {
        var store = Open();
        var post = Sample.NewPost();
        await store.Spool.StoreAsync(post.Id, "Subject: x\r\n\r\n"u8.ToArray(), Cancel);
        await store.CommitAsync([new ListSaved(Sample.NewList()), new PostSaved(post)], Cancel);
        await store.CommitAsync([new PostQueued(post.Id, store.ReserveSerial(post.List, post.Id), []), new ArchiveDue(post.Id)], Cancel);
        await store.DisposeAsync();

        store = Open();
        store.Unarchived(10).ShouldBe([post.Id]);
        store.Spool.Contains(post.Id).ShouldBeTrue();
        await store.CommitAsync(new PostsArchived([post.Id]), Cancel);
        await store.DisposeAsync();

        store = Open();
        store.Unarchived(10).ShouldBeEmpty();
        store.Spool.Contains(post.Id).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../talk@x")]
    [InlineData("..")]
    [InlineData("talk")]
    public void No_name_leads_out_of_the_archive_s_folder(string name) => Should.Throw<ArgumentException>(() => Open().Archives.Of(name));

    private static ArchivedMessage Mail(
        string id, string subject, string body = "text", string from = "Ann <ann@y.example>", string references = "", string inReplyTo = "", int minutes = 0)
    {
        var fields = $"From: {from}\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
            + (references.Length > 0 ? $"References: {references}\r\n" : "") + (inReplyTo.Length > 0 ? $"In-Reply-To: {inReplyTo}\r\n" : "");
        return new ArchivedMessage(Sample.NewId(), Sample.Start.AddMinutes(minutes), Encoding.UTF8.GetBytes($"{fields}\r\n{body}\r\n"), IsPost: true);
    }
}
