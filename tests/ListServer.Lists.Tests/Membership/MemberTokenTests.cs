using CsCheck;
using ListServer.Lists.Membership;

namespace ListServer.Lists.Tests.Membership;

/// <summary>SEC-27, SEC-28, AUTH-53.</summary>
public sealed class MemberTokenTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void A_token_opens_for_the_purpose_it_was_made_for()
    {
        var token = MemberToken.Make(Secret, MemberToken.Leave, "talk@lists.example", "ken@example.com");

        MemberToken.TryOpen(Secret, MemberToken.Leave, token, out var list, out var address).ShouldBeTrue();
        list.ShouldBe("talk@lists.example");
        address.ShouldBe("ken@example.com");
        MemberToken.TryOpen(Secret, "join", token, out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void The_same_subscription_has_the_same_token_and_shows_nothing_of_itself()
    {
        var token = MemberToken.Make(Secret, MemberToken.Leave, "talk@lists.example", "ken@example.com");

        MemberToken.Make(Secret, MemberToken.Leave, "talk@lists.example", "ken@example.com").ShouldBe(token);
        MemberToken.Make(Secret, MemberToken.Leave, "talk@lists.example", "kim@example.com").ShouldNotBe(token);
        token.ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '-' || c == '_');
        token.ShouldNotContain("ken");
    }

    [Fact]
    public void A_token_of_another_secret_opens_nothing() =>
        MemberToken.TryOpen(new byte[32], MemberToken.Leave, MemberToken.Make(Secret, MemberToken.Leave, "l@d.example", "a@b.example"), out _, out _).ShouldBeFalse();

    [Fact]
    public void Any_changed_character_and_any_other_text_opens_nothing()
    {
        var token = MemberToken.Make(Secret, MemberToken.Leave, "talk@lists.example", "ken@example.com");
        Gen.Select(Gen.Int[0, token.Length - 2], Gen.Char["ABCDEFabcdef0123-_"]).Where(change => token[change.Item1] != change.Item2).Sample(change =>
            !MemberToken.TryOpen(Secret, MemberToken.Leave, token[..change.Item1] + change.Item2 + token[(change.Item1 + 1)..], out _, out _));
        Gen.String.Sample(text => !MemberToken.TryOpen(Secret, MemberToken.Leave, text, out _, out _));
    }
}
