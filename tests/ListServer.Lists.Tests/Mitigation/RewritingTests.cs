using System.Text;
using ListServer.Lists.Tests.Cooking;
using ListServer.MailAuth;
using ListServer.MailAuth.Author;

namespace ListServer.Lists.Tests.Mitigation;

public sealed class RewritingTests
{
    private static readonly MailingList Always = Reports.List with { Mitigation = MitigationSetting.Always };

    [Theory] // AUTH-66, 69
    [InlineData("Alice <alice@author.example>", "Alice via News")]
    [InlineData("alice@author.example", "alice via News")]
    [InlineData("\"\" <alice@author.example>", "alice via News")]
    [InlineData("\"ceo@bank.example\" <alice@author.example>", "ceobank.example via News")]
    [InlineData("=?utf-8?b?77yg?= <alice@author.example>", "alice via News")]
    [InlineData("=?utf-8?b?4oCuZWNpbEE=?= <alice@author.example>", "ecilA via News")]
    [InlineData("=?utf-8?q?A=E2=80=8Bl=0D=0ABcc_x=40y?= <alice@author.example>", "AlBcc xy via News")]
    [InlineData("=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <alice@author.example>", "山田 via News")]
    [InlineData("\"A \\\"B\\\" \\\\ C\" <alice@author.example>", "A \"B\" \\ C via News")]
    public void From_bears_the_author_s_cleaned_name_and_the_list_s_address(string from, string expected)
    {
        var copy = Prepare($"From: {from}\r\n");
        var read = AuthorField.Read(copy);
        read.Address.ShouldBe("news@lists.example");
        read.DisplayName.ShouldBe(expected);
    }

    [Fact]
    public void A_very_long_name_is_cut()
    {
        var copy = Prepare($"From: \"{new string('a', 3_000)}\" <alice@author.example>\r\n");
        AuthorField.Read(copy).DisplayName.ShouldBe($"{new string('a', 100)} via News");
    }

    [Fact] // AUTH-67, 68
    public void The_author_stays_beside_as_written()
    {
        var text = Text("From:  =?iso-8859-1?q?Ren=E9?=\r\n <alice@author.example>\r\n");
        text.ShouldContain("\r\nReply-To:  =?iso-8859-1?q?Ren=E9?=\r\n <alice@author.example>\r\n".TrimStart());
        text.ShouldContain("\r\nAuthor:  =?iso-8859-1?q?Ren=E9?=\r\n <alice@author.example>\r\n");
        text.ShouldContain("\r\nX-Original-From:  =?iso-8859-1?q?Ren=E9?=\r\n <alice@author.example>\r\n");
    }

    [Fact] // AUTH-67, 68
    public void An_existing_Reply_To_and_Author_stay_and_a_foreign_X_Original_From_goes()
    {
        var text = Text("From: alice@author.example\r\nReply-To: desk@author.example\r\nAuthor: Bob <bob@author.example>\r\nX-Original-From: forged@x\r\nSender: pa@author.example\r\n");
        text.ShouldContain("\r\nReply-To: desk@author.example\r\nAuthor: Bob <bob@author.example>\r\n");
        text.ShouldNotContain("forged");
        text.ShouldNotContain("Sender:");
        text.Split("Reply-To:").Length.ShouldBe(2);
        text.Split("Author:").Length.ShouldBe(2);
    }

    [Fact]
    public void An_empty_Reply_To_is_none()
    {
        var text = Text("From: alice@author.example\r\nReply-To: \r\n");
        text.ShouldContain("Reply-To: alice@author.example\r\n");
        text.Split("Reply-To:").Length.ShouldBe(2);
    }

    [Fact]
    public void A_Japanese_list_s_name_is_encoded()
    {
        var copy = Prepare("From: Alice <alice@author.example>\r\n", Always with { DisplayName = "お知らせ" });
        AuthorField.Read(copy).DisplayName.ShouldBe("Alice via お知らせ");
        copy.Octets.Span.ContainsAnyExceptInRange((byte)0, (byte)127).ShouldBeFalse();
    }

    private static string Text(string header) => Encoding.Latin1.GetString(Prepare(header).Octets.Span);

    private static RawMessage Prepare(string header, MailingList? list = null)
    {
        var message = Encoding.Latin1.GetBytes($"{header}To: news@lists.example\r\nSubject: Hi\r\nDate: x\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n");
        var author = AuthorField.Read(RawMessage.Parse(message));
        author.IsValid.ShouldBeTrue(author.Reason);
        return RawMessage.Parse(KitchenTests.Prepare(list ?? Always, message, Reports.Alice with { Author = author, Dkim = [] }).ToOctets());
    }
}
