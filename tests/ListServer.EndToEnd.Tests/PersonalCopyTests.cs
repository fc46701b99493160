using System.Net;
using System.Text;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>A list that makes each member's own copy, with a link to leave by one click (RFC 8058, AUTH-47, AUTH-53).</summary>
[Collection(nameof(JudgedCopies))]
public sealed class PersonalCopyTests(JudgedCopies copies)
{
    private const string FriendlyPost = "ascii.friendly.example";
    private const string StrictPost = "ascii.strict.example";

    public static TheoryData<string, string> Copies =>
        [.. new[] { FriendlyPost, StrictPost }.SelectMany(post => JudgedCopies.PersonalReaders.Select(reader => (post, reader)))];

    [Theory]
    [MemberData(nameof(Copies))]
    public void Signature_and_shared_seal_pass(string post, string reader)
    {
        var copy = Find(post, reader);

        foreach (var judgement in copy.Judgements)
        {
            judgement.Accepts("lists.example").ShouldBeTrue(copy.Text);
            judgement.Arc.Result.ShouldBe("pass", judgement.Arc.Reason + copy.Text);
            judgement.Arc.Instances.ShouldBe(1);
        }
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void DMARC_passes_where_the_policy_is_strict(string post, string reader)
    {
        var dmarc = Find(post, reader).ByMailauth.Dmarc.ShouldNotBeNull();

        (dmarc.Domain, dmarc.Result).ShouldBe(post == StrictPost ? ("lists.example", "pass") : (Post.Friendly, "fail"));
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void The_signature_covers_both_fields_of_one_click(string post, string reader)
    {
        var copy = Find(post, reader);

        copy.Text.ShouldContain("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n");
        Link(copy).Scheme.ShouldBe("https");
        foreach (var judgement in copy.Judgements)
        {
            string[] oneClick = ["list-unsubscribe", "list-unsubscribe-post"];
            oneClick.ShouldBeSubsetOf(judgement.Dkim.First(signature => signature.Domain == "lists.example").Covers);
        }
    }

    [Fact]
    public void Each_member_has_a_link_of_its_own_under_the_same_seal()
    {
        var (first, second) = (Find(StrictPost, JudgedCopies.PersonalReaders[0]), Find(StrictPost, JudgedCopies.PersonalReaders[1]));

        Link(first).ShouldNotBe(Link(second));
        Seal(first).ShouldBe(Seal(second));
    }

    /// <summary>RFC 8058 §3.1, §3.2: opening the link changes nothing, a POST without cookie or login leaves the list, and nothing is redirected.</summary>
    [Fact]
    public async Task One_POST_leaves_the_list_and_a_GET_does_not()
    {
        var cancelled = TestContext.Current.CancellationToken;
        var reader = JudgedCopies.PersonalReaders[1];
        var link = new Uri(copies.Web, Link(Find(FriendlyPost, reader)).PathAndQuery);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler);

        (await client.GetAsync(link, cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MembersAsync()).ShouldContain(reader);

        using var oneClick = new StringContent("List-Unsubscribe=One-Click", Encoding.ASCII, "application/x-www-form-urlencoded");
        (await client.PostAsync(link, oneClick, cancelled)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MembersAsync()).ShouldBe([StageList.Reader]);

        async Task<IEnumerable<string?>> MembersAsync() =>
            (await copies.Serving.DoAsync(cancelled, "member", "list", StageList.Personal.Address))
                .EnumerateArray().Select(member => member.GetProperty("address").GetString());
    }

    private Copy Find(string post, string reader) => copies.Find(post, StageList.Personal.Address, reader);

    private static Uri Link(Copy copy) => new(copy.Text.Split("\r\nList-Unsubscribe: <", 2)[1].Split('>', 2)[0]);

    private static string Seal(Copy copy) => copy.Text[..copy.Text.IndexOf("\r\nDKIM-Signature:", StringComparison.Ordinal)];
}
