using ListServer.Lists.Membership;

namespace ListServer.Lists.Tests.Membership;

public sealed class MemberAddressTests
{
    [Theory]
    [InlineData("ken@example.com", "ken@example.com")]
    [InlineData("  Ken.Mori+lists@EXAMPLE.com. ", "Ken.Mori+lists@example.com")]
    [InlineData("ken@例え.jp", "ken@xn--r8jz45g.jp")]
    [InlineData("佐藤@example.jp", "佐藤@example.jp")]
    public void An_address_is_stored_with_its_domain_in_lower_case_A_labels(string text, string stored)
    {
        MemberAddress.TryParse(text, out var address, out var error).ShouldBeTrue(error);
        address.ShouldBe(stored);
    }

    [Theory]
    [InlineData("ken", "no @")]
    [InlineData("@example.com", "no @")]
    [InlineData("ken@localhost", "not a domain name")]
    [InlineData("ken@-bad.example", "not a domain name")]
    [InlineData("ken..mori@example.com", "does not belong")]
    [InlineData("ken mori@example.com", "does not belong")]
    [InlineData("ken\r\nRCPT TO:<x@y.example>@example.com", "does not belong")]
    [InlineData("ken\u202e@example.com", "does not belong")]
    [InlineData("<ken@example.com>", "not a domain name")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123456@example.com", "64 octets")]
    public void What_is_no_address_is_refused_in_words(string text, string words)
    {
        MemberAddress.TryParse(text, out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNull().ShouldContain(words);
    }
}
