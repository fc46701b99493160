using System.Diagnostics;
using ListServer.Lists.Membership;

namespace ListServer.Lists.Tests.Membership;

/// <summary>What bans name (issue 5, item 1: address, domain, pattern; no pattern takes long).</summary>
public sealed class BanPatternTests
{
    [Theory]
    [InlineData("Ken@Example.COM", "ken@example.com")]
    [InlineData("ken+ads@example.com", "ken@example.com")]
    [InlineData("k.e.n@gmail.com", "ken@gmail.com")]
    [InlineData("example.com", "*@example.com")]
    [InlineData("@example.com", "*@example.com")]
    [InlineData("bücher.example", "*@xn--bcher-kva.example")]
    [InlineData(" *@*.Example.com ", "*@*.example.com")]
    public void A_person_s_words_have_one_form(string text, string expected)
    {
        BanPattern.TryParse(text, out var pattern, out var error).ShouldBeTrue(error);
        pattern.ShouldBe(expected);
    }

    [Theory]
    [InlineData("", "is no pattern")]
    [InlineData("a b@example.com", "white space")]
    [InlineData("*", "has no @")]
    [InlineData("*@*", "would stop everybody")]
    [InlineData("*@*.*", "would stop everybody")]
    [InlineData("?*@?", "would stop everybody")]
    [InlineData("a..b@example.com", "does not belong there")]
    [InlineData("exa mple", "white space")]
    [InlineData("-.example", "is no address, domain or pattern")]
    public void What_names_nobody_or_everybody_is_refused_in_words(string text, string words)
    {
        BanPattern.TryParse(text, out var pattern, out var error).ShouldBeFalse();
        (pattern, error!.Contains(words, StringComparison.Ordinal)).ShouldBe((null, true), error);
    }

    [Theory]
    [InlineData("ken@example.com", "KEN@example.com", true)]
    [InlineData("ken@example.com", "ken+new@example.com", true)]
    [InlineData("ken@gmail.com", "k.en+x@googlemail.com", true)]
    [InlineData("ken@example.com", "ken@example.com.evil.example", false)]
    [InlineData("*@example.com", "any.body@example.com", true)]
    [InlineData("*@example.com", "any@sub.example.com", false)]
    [InlineData("*@*.example.com", "any@sub.example.com", true)]
    [InlineData("*@*.example.com", "any@example.com", false)]
    [InlineData("ad??@*.example", "ad12@a.example", true)]
    [InlineData("ad??@*.example", "ad123@a.example", false)]
    [InlineData("*ads*@*", "my-ads-now@a.example", true)]
    public void A_pattern_names_those_it_is_like(string pattern, string address, bool expected) => BanPattern.Matches(pattern, address).ShouldBe(expected);

    [Fact]
    public void No_pattern_takes_long()
    {
        var pattern = string.Concat(Enumerable.Repeat("a*", 100)) + "b@*";
        var watch = Stopwatch.StartNew();
        BanPattern.Matches(pattern, new string('a', 64) + "@" + new string('a', 180)).ShouldBeFalse();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }
}
