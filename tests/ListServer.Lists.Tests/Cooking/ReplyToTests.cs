using System.Text;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;
using ListServer.MailAuth.Author;

namespace ListServer.Lists.Tests.Cooking;

/// <summary>Where answers go: the matrix of the room's README (LIST-pain-13, LIST-pain-14, AUTH-67).</summary>
public sealed class ReplyToTests
{
    private const string List = "<news@lists.example>";
    private const string Author = "Alice <alice@author.example>";
    private const string Desk = "desk@author.example";

    [Theory]
    [InlineData(ReplyPolicy.Author, false, null, null, "")]
    [InlineData(ReplyPolicy.Author, false, Desk, Desk, "")]
    [InlineData(ReplyPolicy.Author, true, null, Author, "")]
    [InlineData(ReplyPolicy.Author, true, Desk, Desk, "")]
    [InlineData(ReplyPolicy.List, false, null, List, "")]
    [InlineData(ReplyPolicy.List, false, Desk, List + ", " + Desk, "")]
    [InlineData(ReplyPolicy.List, true, null, List, "<alice@author.example>")]
    [InlineData(ReplyPolicy.List, true, Desk, List + ", " + Desk, "<alice@author.example>")]
    [InlineData(ReplyPolicy.Explicit, false, null, "<office@lists.example>", "")]
    [InlineData(ReplyPolicy.Explicit, false, Desk, "<office@lists.example>", "")]
    [InlineData(ReplyPolicy.Explicit, true, Desk, "<office@lists.example>", "<alice@author.example>")]
    [InlineData(ReplyPolicy.Both, false, null, Author + ", " + List, "")]
    [InlineData(ReplyPolicy.Both, false, Desk, Desk + ", " + List, "")]
    [InlineData(ReplyPolicy.Both, true, null, Author + ", " + List, "")]
    [InlineData(ReplyPolicy.Both, true, Desk, Desk + ", " + List, "")]
    public void The_matrix_holds(ReplyPolicy policy, bool isRewritten, string? own, string? replyTo, string cc)
    {
        var copy = Prepare(policy, isRewritten, own is null ? "" : $"Reply-To: {own}\r\n");

        Value(copy, "Reply-To").ShouldBe(replyTo);
        (Value(copy, "Cc") ?? "").ShouldBe(cc);
    }

    [Fact]
    public void Nobody_is_named_twice_and_no_reply_addresses_never()
    {
        Value(Prepare(ReplyPolicy.List, true, "", from: "noreply@author.example"), "Cc").ShouldBeNull();
        Value(Prepare(ReplyPolicy.List, true, "Cc: alice@author.example\r\n"), "Cc").ShouldBe("alice@author.example");
        Value(Prepare(ReplyPolicy.List, true, "Cc: bob@x.example\r\n"), "Cc").ShouldBe("bob@x.example, <alice@author.example>");
        Value(Prepare(ReplyPolicy.List, false, $"Reply-To: {Desk}, NEWS@lists.example\r\n"), "Reply-To").ShouldBe($"{Desk}, NEWS@lists.example");
    }

    private static string? Value(RawMessage copy, string name)
    {
        var fields = copy.Fields.Where(field => field.Is(name)).ToArray();
        fields.Length.ShouldBeLessThan(2);
        return fields.Length == 0 ? null : Encoding.UTF8.GetString(fields[0].RawValue.Span).Replace("\r\n", "", StringComparison.Ordinal).Trim();
    }

    private static RawMessage Prepare(ReplyPolicy policy, bool isRewritten, string header, string from = Author)
    {
        var list = Reports.List with
        {
            ReplyTo = policy,
            ReplyAddress = policy is ReplyPolicy.Explicit ? "office@lists.example" : "",
            Mitigation = isRewritten ? MitigationSetting.Always : MitigationSetting.Auto,
        };
        var raw = RawMessage.Parse(Encoding.UTF8.GetBytes($"From: {from}\r\nTo: news@lists.example\r\nSubject: Hi\r\nMessage-ID: <1@author.example>\r\n{header}\r\nHello\r\n"));
        var report = Reports.Alice with { Author = AuthorField.Read(raw) };
        var post = KitchenTests.PostOf(list, raw.Octets.ToArray(), report, null);
        return RawMessage.Parse(Kitchen.Prepare(list, post, raw, KitchenTests.Options).ToOctets());
    }
}
