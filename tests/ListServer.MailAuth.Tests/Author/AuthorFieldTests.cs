using System.Text;
using CsCheck;
using ListServer.MailAuth.Author;

namespace ListServer.MailAuth.Tests.Author;

/// <summary>AUTH-8, AUTH-11, AUTH-90, AUTH-91, SEC-17.</summary>
public sealed class AuthorFieldTests
{
    [Theory]
    [InlineData("user@example.com", "user@example.com", "example.com", null)]
    [InlineData("<user@example.com>", "user@example.com", "example.com", null)]
    [InlineData("< user@example.com >", "user@example.com", "example.com", null)]
    [InlineData("Sample User <user@Example.COM>", "user@Example.COM", "example.com", "Sample User")]
    [InlineData("\"Sample, \\\"User\\\"\" <user@example.com>", "user@example.com", "example.com", "Sample, \"User\"")]
    [InlineData("John Q. Public <user@example.com>", "user@example.com", "example.com", "John Q. Public")]
    [InlineData("user@example.com (Sample User)", "user@example.com", "example.com", null)]
    [InlineData("(a (nested \\) one)) user@example.com", "user@example.com", "example.com", null)]
    [InlineData("Sample (comment) User <user@example.com> (more)", "user@example.com", "example.com", "Sample User")]
    [InlineData("Sample\r\n User\r\n\t<user@example.com>", "user@example.com", "example.com", "Sample User")]
    [InlineData("\r\n user@example.com", "user@example.com", "example.com", null)]
    [InlineData("\"john doe\"@example.com", "\"john doe\"@example.com", "example.com", null)]
    [InlineData("\"a@b\" <\"<x@example.org>\"@example.com>", "\"<x@example.org>\"@example.com", "example.com", "a@b")]
    [InlineData("o'brien+tag/x=y@sub.example.com", "o'brien+tag/x=y@sub.example.com", "sub.example.com", null)]
    [InlineData("foo@zero_pct.com", "foo@zero_pct.com", "zero_pct.com", null)]
    [InlineData("user@пример.рф", "user@пример.рф", "xn--e1afmkfd.xn--p1ai", null)]
    [InlineData("user@пример.xn--p1ai", "user@пример.xn--p1ai", "xn--e1afmkfd.xn--p1ai", null)]
    [InlineData("用户@例え.テスト", "用户@例え.テスト", "xn--r8jz45g.xn--zckzah", null)]
    [InlineData("Jörg <user@example.com>", "user@example.com", "example.com", "Jörg")]
    [InlineData("=?UTF-8?Q?J=C3=B6rg?= <user@example.com>", "user@example.com", "example.com", "Jörg")]
    [InlineData("=?utf-8?b?SsO?= =?utf-8?B?tnJn?= <user@example.com>", "user@example.com", "example.com", "Jörg")]
    [InlineData("=?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <user@example.com>", "user@example.com", "example.com", "山田")]
    [InlineData("=?iso-8859-1*en?Q?a=E9_b?= c <user@example.com>", "user@example.com", "example.com", "aé b c")]
    [InlineData("=?nope?Q?x?= <user@example.com>", "user@example.com", "example.com", "=?nope?Q?x?=")]
    [InlineData("=?utf-7?Q?x?= <user@example.com>", "user@example.com", "example.com", "=?utf-7?Q?x?=")]
    [InlineData("=?utf-8?Q?a=0D=0ABcc=3A_x?= <user@example.com>", "user@example.com", "example.com", "aBcc: x")]
    public void One_address_is_the_author(string value, string address, string domain, string? name)
    {
        var author = AuthorField.ReadValue(Encoding.UTF8.GetBytes(" " + value + "\r\n"));
        author.Reason.ShouldBeNull();
        author.ShouldBe(new AuthorResult(address, domain, name, null));
    }

    [Theory]
    [InlineData("", "no address")]
    [InlineData("   ", "no address")]
    [InlineData("user", "no address")]
    [InlineData("a@example.com, b@example.com", "more than one")]
    [InlineData("a@example.com,", "more than one")]
    [InlineData("A <a@example.com>, B <b@example.com>", "more than one")]
    [InlineData(", a@example.com", "list element")]
    [InlineData("=?utf-8?B?PGFkbWluQGV4YW1wbGUuY29tPg==?=,<second@example.net>", "list element")]
    [InlineData("undisclosed:;", "group")]
    [InlineData("Group: a@example.com;", "group")]
    [InlineData("a@example.com;", "group")]
    [InlineData("<@example.net,@example.org:admin@example.com>", "route")]
    [InlineData("<admin@example.com>\\,<second@example.net>", "follows")]
    [InlineData("<a@example.com> <b@example.com>", "follows")]
    [InlineData("a@example.com b@example.net", "follows")]
    [InlineData("a@b <c@example.com>", "follows")]
    [InlineData("<a@exam\u00ADple.com>", "no valid domain name")]
    [InlineData("<a@example\u3002com>", "no valid domain name")]
    [InlineData("<a@\uFF45xample.com>", "no valid domain name")]
    [InlineData("<a@e\u200Bxample.com>", "no valid domain name")]
    [InlineData("<admin@example.com(a>.example.net)>", "angle brackets")]
    [InlineData("admin(x)@example.com", "no address")]
    [InlineData("admin @example.com", "no address")]
    [InlineData("admin@ example.com", "valid domain")]
    [InlineData("<<admin@example.com>>", "form of RFC 5322")]
    [InlineData("<admin@example.com", "angle brackets")]
    [InlineData("<admin@[192.0.2.1]>", "literal")]
    [InlineData("<admin@example.com.>", "valid domain")]
    [InlineData("admin@example..com", "valid domain")]
    [InlineData("<.admin@example.com>", "form of RFC 5322")]
    [InlineData("<ad..min@example.com>", "form of RFC 5322")]
    [InlineData("<>", "form of RFC 5322")]
    [InlineData("\"unended <admin@example.com>", "quoted string")]
    [InlineData("(unended <admin@example.com>", "comment")]
    [InlineData("<admin@example.com\0@example.net>", "control character")]
    [InlineData("\u001b$B;3ED\u001b(B <user@example.com>", "control character")]
    [InlineData("<admin@exa\rmple.com>", "control character")]
    [InlineData("admin@example.com\r\n \r", "control character")] // AUTH-91: a bare CR before the end of the field
    [InlineData("admin@exa$mple.com", "valid domain")]
    [InlineData("admin@ban\u212a.com", "valid domain")] // the KELVIN SIGN is no k (RFC 5890 §2.3.2.1, AUTH-91)
    [InlineData("admin@a\u0308.example", "valid domain")]
    [InlineData("admin@\u00b5x.example", "valid domain")] // the MICRO SIGN is no my
    [InlineData("admin@example.com@example.net", "follows")]
    [InlineData("ad\u202Emin@example.com", "form of RFC 5322")] // AUTH-91: what nobody sees
    [InlineData("ad\u200Bmin@example.com", "no address")]
    [InlineData("ad\u0085min@example.com", "no address")]
    [InlineData("ad\u00A0min@example.com", "no address")]
    [InlineData("admin\uFF20example.net@example.com", "no address")]
    [InlineData("\"ad\u200Bmin\"@example.com", "form of RFC 5322")]
    [InlineData("ad\U000E0061min@example.com", "no address")]
    [InlineData("ad\u3164min@example.com", "no address")]
    public void Everything_else_is_no_author(string value, string reason)
    {
        var author = AuthorField.ReadValue(Encoding.UTF8.GetBytes(" " + value + "\r\n"));
        author.IsValid.ShouldBeFalse(author.ToString());
        author.Domain.ShouldBeNull();
        author.Reason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Theory]
    [InlineData("To: x@example.org\r\n\r\nFrom: a@example.com\r\n", "no From")]
    [InlineData("From: a@example.com\r\nFrom: b@example.com\r\n\r\n", "more than one From")]
    [InlineData("FROM: a@example.com\r\nfrom: a@example.com\r\n\r\n", "more than one From")]
    [InlineData("From : a@example.com\r\n\r\n", "in the name")]
    [InlineData("X: y\rFrom: b@example.net\r\nFrom: a@example.com\r\n\r\n", "bare CR")] // AUTH-90: some readers end a line there
    [InlineData("From: a@example.com\r\nX: y\r\rfrom : b@example.net\r\n\r\n", "bare CR")]
    [InlineData("From: a@example.com\r\nX: y\r\0F\0rom\u00a0: b@example.net\r\n\r\n", "bare CR")]
    [InlineData("From\t: a@example.com\r\nFrom: b@example.com\r\n\r\n", "in the name")]
    [InlineData("From\r\n : a@example.com\r\nFrom: b@example.com\r\n\r\n", "in the name")]
    [InlineData(" From: a@example.com\r\nFrom: b@example.com\r\n\r\n", "in the name")]
    [InlineData("From\0: a@example.com\r\nFrom: b@example.com\r\n\r\n", "in the name")]
    [InlineData("Resent-From: a@example.com\r\nX-From: b@example.com\r\n\r\n", "no From")]
    [InlineData("", "no From")]
    public void A_message_without_one_plain_From_field_has_no_author(string message, string reason) =>
        AuthorField.Read(RawMessage.Parse(Encoding.Latin1.GetBytes(message))).Reason.ShouldNotBeNull().ShouldContain(reason);

    [Fact]
    public void Octets_that_are_no_UTF8_make_no_author() =>
        AuthorField.ReadValue(Encoding.Latin1.GetBytes(" Jörg <user@example.com>\r\n")).Reason.ShouldNotBeNull().ShouldContain("UTF-8");

    [Fact]
    public void Any_octets_are_answered() =>
        Gen.Byte.Array[0, 200].Sample(octets =>
        {
            var author = AuthorField.ReadValue(octets);
            return author.IsValid == (author.Reason is null) && author.IsValid == (author.Domain is not null);
        });

    [Fact]
    public void What_is_read_can_be_read_again() =>
        Gen.Int[0, 15].Select(i => new[] { "a", "@", ".", "<", ">", "\"", "\\", "(", ")", ",", ":", ";", " ", "=?utf-8?Q?x?=", "example", "ö" }[i]).Array[1, 14].Sample(parts =>
        {
            var author = AuthorField.ReadValue(Encoding.UTF8.GetBytes(string.Concat(parts)));
            if (author.IsValid)
            {
                var again = AuthorField.ReadValue(Encoding.UTF8.GetBytes($"<{author.Address}>"));
                again.Address.ShouldBe(author.Address);
                again.Domain.ShouldBe(author.Domain);
            }
        });

    [Fact]
    public void A_field_of_more_than_ten_thousand_octets_is_no_author()
    {
        var name = new string('a', 10_000);
        AuthorField.ReadValue(Encoding.ASCII.GetBytes($"{name[..9_900]} <user@example.com>\r\n")).IsValid.ShouldBeTrue();
        AuthorField.ReadValue(Encoding.ASCII.GetBytes($"{name} <user@example.com>\r\n")).Reason.ShouldNotBeNull().ShouldContain("longer");
    }
}
