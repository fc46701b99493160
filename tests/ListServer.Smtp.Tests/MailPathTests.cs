namespace ListServer.Smtp.Tests;

public sealed class MailPathTests
{
    [Theory]
    [InlineData("<>", "")]
    [InlineData("<a@b.example>", "a@b.example")]
    [InlineData("<A.b+c=d@B.Example>", "A.b+c=d@B.Example")]
    [InlineData("<!#$%&'*+-/=?^_`{|}~@b>", "!#$%&'*+-/=?^_`{|}~@b")]
    [InlineData("<user%far.example@near.example>", "user%far.example@near.example")]
    [InlineData("<far!user@near.example>", "far!user@near.example")]
    [InlineData("<Postmaster>", "Postmaster")]
    [InlineData("<\"a\"@b.example>", "a@b.example")]
    [InlineData("<\"\\a\"@b.example>", "a@b.example")]
    [InlineData("<\"a b\"@b.example>", "\"a b\"@b.example")]
    [InlineData("<\"a@x>\"@b.example>", "\"a@x>\"@b.example")]
    [InlineData("<\"a\\\"\\\\b\"@b.example>", "\"a\\\"\\\\b\"@b.example")]
    [InlineData("<\"a..b\"@b.example>", "\"a..b\"@b.example")]
    [InlineData("<\"\"@b.example>", "\"\"@b.example")]
    [InlineData("<a@[192.0.2.1]>", "a@[192.0.2.1]")]
    [InlineData("<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]")]
    [InlineData("<a@[ipv6:::ffff:192.0.2.1]>", "a@[ipv6:::ffff:192.0.2.1]")]
    [InlineData("<@x.example:a@b.example>", "a@b.example")]
    [InlineData("<@x.example,@[192.0.2.1]:a@b.example>", "a@b.example")]
    [InlineData("<a@my_host.example>", "a@my_host.example")]
    [InlineData("<用户@例子.example>", "用户@例子.example")]
    [InlineData("<\"用 户\"@例子.example>", "\"用 户\"@例子.example")]
    public void A_good_path_gives_one_spelling_for_each_mailbox(string path, string address)
    {
        MailPath.TryRead(path, out var read, out var rest).ShouldBeTrue();
        read.ShouldBe(address);
        rest.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a@b.example")]
    [InlineData("<a@b.example")]
    [InlineData("< >")]
    [InlineData("<<a@b.example>>")]
    [InlineData("<a@b.example>>")]
    [InlineData("<a@b.example>x")]
    [InlineData("<a>")]
    [InlineData("<@b.example>")]
    [InlineData("<a@>")]
    [InlineData("<a@b@c.example>")]
    [InlineData("<.a@b.example>")]
    [InlineData("<a.@b.example>")]
    [InlineData("<a..b@b.example>")]
    [InlineData("<a b@b.example>")]
    [InlineData("<a(comment)@b.example>")]
    [InlineData("<a,b@b.example>")]
    [InlineData("<a\\@c@b.example>")]
    [InlineData("<\"a@b.example>")]
    [InlineData("<\"a\"b@b.example>")]
    [InlineData("<\"a\\\u0001\"@b.example>")]
    [InlineData("<a@b..example>")]
    [InlineData("<a@.b.example>")]
    [InlineData("<a@b.example.>")]
    [InlineData("<a@-b.example>")]
    [InlineData("<a@b-.example>")]
    [InlineData("<a@b!c.example>")]
    [InlineData("<a@b.example >")]
    [InlineData("<a@192.0.2.1]>")]
    [InlineData("<a@[192.0.2]>")]
    [InlineData("<a@[192.0.2.1.5]>")]
    [InlineData("<a@[0x7f.0.0.1]>")]
    [InlineData("<a@[192.0.2.01]>")]
    [InlineData("<a@[IPv6:192.0.2.1]>")]
    [InlineData("<a@[IPv6:fe80::1%eth0]>")]
    [InlineData("<a@[2001:db8::1]>")]
    [InlineData("<a@[tag:x]>")]
    [InlineData("<a@[]>")]
    [InlineData("<@x.example a@b.example>")]
    [InlineData("<@x.example,:a@b.example>")]
    [InlineData("<@x.example,a@b.example>")]
    [InlineData("<@x..example:a@b.example>")]
    [InlineData("<a\u0085@b.example>")]
    [InlineData("<a\u2028@b.example>")]
    [InlineData("<a@b\u3002example>")]
    [InlineData("<a@b\u00a0c.example>")]
    public void Anything_else_is_no_path(string path) => MailPath.TryRead(path, out _, out _).ShouldBeFalse();

    [Fact]
    public void What_follows_a_space_is_left_for_the_parameters()
    {
        MailPath.TryRead("<a@b.example> SIZE=1", out var address, out var rest).ShouldBeTrue();
        address.ShouldBe("a@b.example");
        rest.ToString().ShouldBe(" SIZE=1");
    }

    [Theory]
    [InlineData(255, 63, 3, true)]
    [InlineData(256, 63, 3, false)]
    [InlineData(1, 64, 1, false)]
    [InlineData(1, 63, 4, true)]
    [InlineData(1, 63, 5, false)]
    public void Length_has_its_limits(int localPart, int label, int labels, bool isGood)
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', label), labels));
        MailPath.TryRead($"<{new string('a', localPart)}@{domain}>", out _, out _).ShouldBe(isGood);
    }
}
