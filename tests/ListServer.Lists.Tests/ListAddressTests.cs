namespace ListServer.Lists.Tests;

public sealed class ListAddressTests
{
    private static readonly Dictionary<string, MailingList> Lists = new[] { "news", "pre", "pre-join", "a-b" }
        .ToDictionary(name => $"{name}@lists.example", name => new MailingList { LocalPart = name, Domain = "lists.example", DisplayName = name });

    [Theory]
    [InlineData("news@lists.example", "Post news")]
    [InlineData("NEWS@Lists.Example", "Post news")]
    [InlineData("news-owner@lists.example", "Owner news")]
    [InlineData("news-request@lists.example", "Request news")]
    [InlineData("news-join@lists.example", "Join news")]
    [InlineData("news-subscribe@lists.example", "Join news")]
    [InlineData("news-leave@lists.example", "Leave news")]
    [InlineData("News-UNSUBSCRIBE@lists.example", "Leave news")]
    [InlineData("news-confirm+aB9@lists.example", "Confirm news aB9")]
    [InlineData("news-bounces@lists.example", "Bounces news ")]
    [InlineData("news-bounces+bob=example.org@lists.example", "Bounces news bob=example.org")]
    [InlineData("news-bounces+a+b-owner@lists.example", "Bounces news a+b-owner")]
    [InlineData("pre-join@lists.example", "Post pre-join")]
    [InlineData("pre-join-join@lists.example", "Join pre-join")]
    [InlineData("pre-leave@lists.example", "Leave pre")]
    [InlineData("a-b-owner@lists.example", "Owner a-b")]
    [InlineData("postmaster@lists.example", "Contact postmaster lists.example")]
    [InlineData("Abuse@lists.example", "Contact abuse lists.example")]
    [InlineData("Postmaster", "Contact postmaster ")]
    [InlineData("dmarc-reports@lists.example", "Report lists.example")]
    public void An_address_of_ours_is_found(string address, string expected)
    {
        ListAddress.TryParse(address, Find, IsOurs, out var found).ShouldBeTrue();
        Describe(found!).ShouldBe(expected);
    }

    [Theory]
    [InlineData("other@lists.example")]
    [InlineData("other-owner@lists.example")]
    [InlineData("news@example.org")]
    [InlineData("postmaster@example.org")]
    [InlineData("news+tag@lists.example")]
    [InlineData("news-owner+tag@lists.example")]
    [InlineData("news-confirm@lists.example")]
    [InlineData("news-confirm+@lists.example")]
    [InlineData("news-bounces+@lists.example")]
    [InlineData("-owner@lists.example")]
    [InlineData("news-@lists.example")]
    [InlineData("news")]
    [InlineData("@lists.example")]
    [InlineData("news@")]
    [InlineData("")]
    public void Any_other_address_is_unknown(string address)
    {
        ListAddress.TryParse(address, Find, IsOurs, out var found).ShouldBeFalse();
        found.ShouldBeNull();
    }

    [Theory]
    [InlineData("news", true)]
    [InlineData("a", true)]
    [InlineData("dev.net-2_x", true)]
    [InlineData("joiners", true)]
    [InlineData("", false)]
    [InlineData("News", false)]
    [InlineData("news+x", false)]
    [InlineData("-news", false)]
    [InlineData("news.", false)]
    [InlineData("a..b", false)]
    [InlineData("ニュース", false)]
    [InlineData("a\r\nb", false)]
    [InlineData("pre-join", false)]
    [InlineData("pre-unsubscribe", false)]
    [InlineData("pre-bounces", false)]
    [InlineData("postmaster", false)]
    [InlineData("abuse", false)]
    [InlineData("mailer-daemon", false)]
    [InlineData("dmarc-reports", false)]
    public void A_new_list_may_not_take_an_address_that_something_else_has(string name, bool isAllowed) =>
        (ListAddress.ProblemWithName(name) is null).ShouldBe(isAllowed);

    [Fact]
    public void Every_address_of_the_longest_list_name_fits_into_64_octets()
    {
        var name = new string('a', 52);
        ListAddress.ProblemWithName(name).ShouldBeNull();
        ListAddress.ProblemWithName(name + "a").ShouldNotBeNull();
        (name + "-unsubscribe").Length.ShouldBe(64);
    }

    private static MailingList? Find(string address) => Lists.GetValueOrDefault(address);

    private static bool IsOurs(string domain) => domain == "lists.example";

    private static string Describe(ListAddress address) => address switch
    {
        ListAddress.Post x => $"Post {x.List.LocalPart}",
        ListAddress.Owner x => $"Owner {x.List.LocalPart}",
        ListAddress.Request x => $"Request {x.List.LocalPart}",
        ListAddress.Join x => $"Join {x.List.LocalPart}",
        ListAddress.Leave x => $"Leave {x.List.LocalPart}",
        ListAddress.Confirm x => $"Confirm {x.List.LocalPart} {x.Token}",
        ListAddress.Bounces x => $"Bounces {x.List.LocalPart} {x.Token}",
        ListAddress.Contact x => $"Contact {x.Mailbox} {x.Domain}",
        ListAddress.Report x => $"Report {x.Domain}",
        _ => address.ToString(),
    };
}
