using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>Every copy of every post, as two independent receivers see it (issue "A post goes through", "Verified by strangers").</summary>
[Collection(nameof(JudgedCopies))]
public sealed class DeliveredCopyTests(JudgedCopies copies)
{
    public static TheoryData<string, string> Copies => Named(_ => true);

    public static TheoryData<string, string> Unmodified => Named(list => !list.IsDecorated);

    public static TheoryData<string, string> Decorated => Named(list => list.IsDecorated);

    /// <summary>AUTH-29, 31.</summary>
    [Theory]
    [MemberData(nameof(Copies))]
    public void The_lists_own_signature_passes(string post, string list)
    {
        var copy = copies.Find(post, list);

        foreach (var judgement in copy.Judgements)
        {
            judgement.Dkim[0].Domain.ShouldBe(Of(list).Domain, copy.Text);
            judgement.Dkim[0].Result.ShouldBe("pass", judgement.Dkim[0].Reason + copy.Text);
        }
    }

    /// <summary>RFC 8617 §5.1, §5.2: from none, one or two sets on arrival to one more for each list on the way, cv=pass from the second on.</summary>
    [Theory]
    [MemberData(nameof(Copies))]
    public void The_chain_passes_with_one_set_more_for_each_list(string post, string list)
    {
        var copy = copies.Find(post, list);
        var sets = Of(post, list).SealedBy.Length + Of(list).Hop;

        foreach (var chain in copy.Judgements.Select(judgement => judgement.Arc))
        {
            chain.Result.ShouldBe("pass", chain.Reason + copy.Text);
            chain.Instances.ShouldBe(sets);
        }

        copy.ByDkimpy.Arc.SealedAs.ShouldBe(sets == 1 ? "none" : "pass");
    }

    /// <summary>Rows 7 to 11 of the decision table: only a friendly author whose post was changed does without a DMARC pass.</summary>
    [Theory]
    [MemberData(nameof(Copies))]
    public void DMARC_passes_wherever_a_policy_asks_for_it(string post, string list)
    {
        var (copy, at, written) = (copies.Find(post, list), Of(list), Of(post, list));
        var dmarc = copy.ByMailauth.Dmarc.ShouldNotBeNull();

        dmarc.Domain.ShouldBe(at.FromDomain(written), copy.Text);
        dmarc.Result.ShouldBe(at.IsDecorated && written.Author == Post.Friendly ? "fail" : "pass", dmarc.Reason + copy.Text);
        dmarc.Policy.ShouldBe(dmarc.Domain == Post.Friendly ? "none" : "reject");
    }

    /// <summary>AUTH-71: a list that adds nothing to subject and body leaves the author's own signature whole, through three lists in a row.</summary>
    [Theory]
    [MemberData(nameof(Unmodified))]
    public void The_authors_signature_passes_where_nothing_was_changed(string post, string list)
    {
        var copy = copies.Find(post, list);

        copy.Octets.AsSpan().EndsWith(copies.Posted(post)).ShouldBeTrue("only fields are put before it");
        foreach (var judgement in copy.Judgements)
        {
            judgement.Accepts(Of(post, list).Author).ShouldBeTrue(copy.Text);
        }
    }

    /// <summary>As one more part, or in the text itself: once in what a member reads of each form of the text.</summary>
    [Theory]
    [MemberData(nameof(Decorated))]
    public void Another_mail_reader_finds_prefix_and_footer(string post, string list)
    {
        var (copy, at) = (copies.Find(post, list), Of(list));

        copy.ByDkimpy.Subject.ShouldNotBeNull().ShouldStartWith(at.Prefix);
        copy.ByDkimpy.Texts.ShouldNotBeNull().Count(text => text.Contains(at.Footer.Split('\n')[^1], StringComparison.Ordinal))
            .ShouldBe(at.Footer.Length > 0 ? 1 : copy.ByDkimpy.Texts.Length, copy.Text);
    }

    /// <summary>What DKIM says about the copy is said of these octets, and of no others.</summary>
    [Theory]
    [InlineData("\r\nSubject: ", "\r\nSubject: x")]
    [InlineData("\r\nFrom: ", "\r\nFrom: x")]
    [InlineData("\r\n\r\n", "\r\n\r\nx")]
    public async Task A_copy_changed_on_its_way_is_refused_by_both(string found, string put)
    {
        var sound = copies.Find("ascii.strict.example", "talk@hop2.example").Text;
        var at = sound.IndexOf(found, StringComparison.Ordinal);

        var changed = await copies.JudgeAsync(System.Text.Encoding.Latin1.GetBytes(sound.Remove(at, found.Length).Insert(at, put)));

        foreach (var judgement in changed.Judgements)
        {
            judgement.Accepts("hop2.example").ShouldBeFalse();
            judgement.Arc.Result.ShouldBe("fail");
        }
    }

    [Fact]
    public async Task A_chain_with_another_word_in_its_first_set_is_refused_by_both()
    {
        var changed = await copies.JudgeAsync(JudgedCopies.BrokenChain(copies.Find("ascii.strict.example", "talk@hop2.example").Octets));

        changed.Judgements.ShouldAllBe(judgement => judgement.Arc.Result == "fail" && judgement.Accepts("hop2.example"));
    }

    /// <summary>AUTH-44, RFC 8617 §5.1.2: the list that finds it out adds one set with cv=fail, the lists behind it add none; nothing else suffers.</summary>
    [Theory]
    [InlineData("plain@lists.example")]
    [InlineData("plain@hop2.example")]
    [InlineData("plain@hop3.example")]
    public void A_chain_that_came_broken_is_sealed_as_such_once(string list)
    {
        var copy = copies.Find(Post.Broken.Name, list);

        copy.Judgements.ShouldAllBe(judgement => judgement.Arc.Result == "fail" && judgement.Accepts(Of(list).Domain) && judgement.Accepts(Post.Strict));
        copy.Text.Split("\r\nARC-Seal:").Length.ShouldBe(list == "plain@lists.example" ? 2 : 3, copy.Text);
        copy.ByDkimpy.Arc.SealedAs.ShouldBe("fail");
        copy.ByMailauth.Dmarc!.Result.ShouldBe("pass");
    }

    /// <summary>python3-dkim gets as far as reading cv= only where the newest ARC-Message-Signature is valid.</summary>
    [Fact]
    public void The_set_that_tells_of_a_broken_chain_is_sound_in_itself() =>
        copies.Find(Post.Broken.Name, StageList.Plain.Address).ByDkimpy.Arc.Reason.ShouldBe("ARC-Seal[2] reported failure, the chain is terminated");

    private static StageList Of(string list) => StageList.Ways.SelectMany(way => way).Single(candidate => candidate.Address == list);

    private static Post Of(string post, string list) => JudgedCopies.Expected().First(copy => copy.Post.Name == post && copy.List.Address == list).Post;

    private static TheoryData<string, string> Named(Func<StageList, bool> isWanted) =>
        [.. JudgedCopies.Expected().Where(copy => !copy.Post.IsChainBroken && copy.List != StageList.Personal && isWanted(copy.List))
            .Select(copy => (copy.Post.Name, copy.List.Address))];
}
