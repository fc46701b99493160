using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Cooking;

public sealed class SubjectTests
{
    [Theory]
    [InlineData("[News]", "Hello", "[News] Hello")]
    [InlineData("[News] ", "Re: Hello", "[News] Re: Hello")]
    [InlineData("[News %d]", "Hello", "[News 12] Hello")]
    [InlineData("[News:%05d]", "Hello", "[News:00012] Hello")]
    [InlineData("[News:%05d]", "Re: [News:00011] Hello", "[News:00012] Re: Hello")]
    [InlineData("[News:%05d]", "[News:00011] Re: RE : AW: sv: Vs: re[2]: Hello", "[News:00012] Re: Hello")]
    [InlineData("[News:%05d]", "Re: [news:9] Re: [News:00007]Hello", "[News:00012] Re: Hello")]
    [InlineData("[News %d]", "Re: [News12] Hello", "[News 12] Re: Hello")]
    [InlineData("[News]", "Re：Hello", "[News] Re: Hello")]
    [InlineData("[News:%05d]", "Re^2: [News:00011] 返信: Re(3): Antw: Hello", "[News:00012] Re: Hello")]
    [InlineData("[News]", "返信：ご案内", "[News] Re: ご案内")]
    [InlineData("[News]", "Report: Hello", "[News] Report: Hello")]
    [InlineData("[News]", "Fwd: Re: Hello", "[News] Fwd: Re: Hello")]
    [InlineData("[News]", "", "[News] (no subject)")]
    [InlineData("[News]", "Re: ", "[News] Re:")]
    [InlineData("[News]", "[Other] [News] Hello", "[News] [Other] [News] Hello")]
    [InlineData("%d", "2026 in numbers", "12 2026 in numbers")]
    [InlineData("[100%]", "Hello", "[100%] Hello")]
    [InlineData("[a.*]", "[abc] Hello", "[a.*] [abc] Hello")]
    [InlineData("[News]", "=?utf-8?q?Re=3A_caf=C3=A9?=", "[News] Re: café")]
    [InlineData("[News]", "=?bogus-charset?q?x?= y", null)]
    [InlineData("[お知らせ]", "Hello", "[お知らせ] Hello")]
    [InlineData("[お知らせ]", "Re: =?utf-8?b?W+OBiuefpeOCieOBm10=?= Hello", "[お知らせ] Re: Hello")]
    [InlineData("[News]", "a =?fake", "[News] a =?fake")]
    public void The_prefix_is_put_before_the_subject(string prefix, string subject, string? expected)
    {
        var copy = Prepare(prefix, $"Subject: {subject}\r\n");
        var read = PostContent.Read(copy).Subject;
        if (expected is not null)
        {
            read.ShouldBe(expected);
        }

        copy.Fields.Count(f => f.Is("Subject")).ShouldBe(1);
    }

    [Fact]
    public void A_message_without_a_subject_gets_one() => PostContent.Read(Prepare("[News]", "")).Subject.ShouldBe("[News] (no subject)");

    [Theory]
    [InlineData("[News] Hello")]
    [InlineData("[News] Re: Hello")]
    [InlineData(" [News]  Hello ")]
    public void A_subject_that_would_be_the_same_keeps_its_octets(string subject)
    {
        var copy = Prepare("[News]", $"Subject:{subject}\r\n");
        Encoding.ASCII.GetString(copy.Octets.Span).ShouldContain($"\r\nSubject:{subject}\r\n");
    }

    [Fact]
    public void Where_only_the_prefix_is_new_the_author_s_octets_stay()
    {
        const string Odd = "=?ISO-2022-JP-2?B?GyRCRnxLXBsoQg==?=\r\n\t=?unknown?Q?x?=  and \t more";
        Encoding.ASCII.GetString(Prepare("[News]", $"Subject: {Odd}\r\n").Octets.Span).ShouldContain($"\r\nSubject: [News] {Odd}\r\n");
    }

    [Fact]
    public void Several_subjects_become_one() =>
        Encoding.ASCII.GetString(Prepare("[News]", "Subject: first\r\nSubject: second\r\n").Octets.Span).ShouldNotContain("second");

    [Fact]
    public void Every_line_of_a_long_encoded_subject_has_at_most_76_columns()
    {
        var text = string.Concat(Enumerable.Repeat("長い題名です。", 60));
        var word = Convert.ToBase64String(Encoding.UTF8.GetBytes("Re: " + text));
        var copy = Prepare("[News %05d]", $"Subject: =?utf-8?B?{word}?=\r\n");
        PostContent.Read(copy).Subject.ShouldBe("[News 00012] Re: " + text);
        Encoding.ASCII.GetString(copy.Fields.First(f => f.Is("Subject")).Octets.Span).Split("\r\n").ShouldAllBe(line => line.Length <= 76);
    }

    [Fact] // SEC-9
    public void A_line_end_hidden_in_an_encoded_word_makes_no_field()
    {
        var copy = Prepare("[News]", "Subject: =?utf-8?q?Re:_a=0D=0ABcc:_x@y=0D=0A=0D=0Abody?=\r\n");
        copy.Fields.ShouldNotContain(f => f.Is("Bcc"));
        Encoding.ASCII.GetString(copy.Body.Span).ShouldBe("body\r\n");
    }

    private static RawMessage Prepare(string prefix, string field)
    {
        var message = Encoding.UTF8.GetBytes($"From: alice@author.example\r\n{field}To: news@lists.example\r\n\r\nbody\r\n");
        return RawMessage.Parse(KitchenTests.Prepare(Reports.List with { SubjectPrefix = prefix }, message).ToOctets());
    }
}
