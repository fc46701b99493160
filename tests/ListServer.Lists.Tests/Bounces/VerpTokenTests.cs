using ListServer.Lists.Bounces;

namespace ListServer.Lists.Tests.Bounces;

/// <summary>AUTH-54, SEC-20: a reverse-path of a member's own, which nobody else makes and which grows old.</summary>
public sealed class VerpTokenTests
{
    private const string List = "talk@lists.example";
    private const string Mia = "mia@office.example";
    private static readonly DateTimeOffset Sent = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public void A_token_names_its_member_and_no_other()
    {
        VerpToken.TryRead(Secret, List, Token(), Sent, out var token).ShouldBeTrue();
        token.Names(Secret, List, Mia).ShouldBeTrue();
        token.Names(Secret, List, "MIA@office.example").ShouldBeTrue();
        token.Names(Secret, List, "mia2@office.example").ShouldBeFalse();
        token.Names(Secret, "other@lists.example", Mia).ShouldBeFalse();
    }

    [Fact]
    public void A_token_survives_a_change_of_case() =>
        VerpToken.TryRead(Secret, List, Token().ToUpperInvariant(), Sent, out _).ShouldBeTrue();

    [Fact]
    public void A_token_with_any_character_changed_is_forged()
    {
        for (var i = 0; i < Token().Length; i++)
        {
            foreach (var other in "abcdefghijklmnopqrstuvwxyz234567".Where(c => c != Token()[i]))
            {
                VerpToken.TryRead(Secret, List, Token()[..i] + other + Token()[(i + 1)..], Sent, out _).ShouldBeFalse();
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("forged")]
    [InlineData("1aaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("ääääääääääääääääääääääääääääa")]
    public void Other_text_is_no_token(string text) => VerpToken.TryRead(Secret, List, text, Sent, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, true)]
    [InlineData(14, true)]
    [InlineData(15, false)]
    [InlineData(-1, false)]
    [InlineData(400, false)]
    public void A_token_is_taken_for_fourteen_days(int days, bool taken) =>
        VerpToken.TryRead(Secret, List, Token(), Sent.AddDays(days), out _).ShouldBe(taken);

    [Fact]
    public void A_token_of_another_list_or_another_server_is_forged()
    {
        VerpToken.TryRead(Secret, "other@lists.example", Token(), Sent, out _).ShouldBeFalse();
        VerpToken.TryRead(new byte[32], List, Token(), Sent, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_probes_token_is_no_copys_token_nor_the_other_way_round()
    {
        VerpToken.TryRead(Secret, List, VerpToken.Make(Secret, List, Mia, Sent, isProbe: true), Sent, out var probe).ShouldBeTrue();
        VerpToken.TryRead(Secret, List, Token(), Sent, out var copy).ShouldBeTrue();

        (probe.IsProbe, copy.IsProbe).ShouldBe((true, false));
        probe.Names(Secret, List, Mia).ShouldBeTrue();
        probe.IsOf(Sent.AddHours(14)).ShouldBeTrue();
        probe.IsOf(Sent.AddHours(15)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("talk", true)]
    [InlineData("a-name-of-26-characters-xx", true)]
    [InlineData("a-name-of-27-characters-xxx", false)]
    [InlineData("a-name-of-52-characters-the-longest-that-there-can-be", false)]
    public void The_local_part_never_has_more_than_64_octets_and_always_a_token(string name, bool isOwnName)
    {
        var list = new MailingList { LocalPart = name, Domain = "lists.example", DisplayName = "x" };
        var path = VerpToken.ReversePath(Secret, list.Address, Mia, Sent);
        path[..path.LastIndexOf('@')].Length.ShouldBeLessThanOrEqualTo(64);
        path.StartsWith($"{name}-bounces+", StringComparison.Ordinal).ShouldBe(isOwnName);

        ListAddress.TryParse(path.ToUpperInvariant(), address => address == list.Address || address == ListAddress.ShortNameOf(list.Address) ? list : null, _ => true, out var found).ShouldBeTrue();
        var bounces = found.ShouldBeOfType<ListAddress.Bounces>();
        bounces.List.ShouldBe(list);
        VerpToken.TryRead(Secret, list.Address, bounces.Token!, Sent, out var token).ShouldBeTrue();
        token.Names(Secret, list.Address, Mia).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-owner")]
    [InlineData("-request")]
    [InlineData("-leave")]
    [InlineData("-bounces")]
    public void A_short_name_is_good_for_returns_alone(string suffix)
    {
        var name = ListAddress.ShortNameOf(List);
        ListAddress.TryParse(name.Replace("@", suffix + "@", StringComparison.Ordinal), _ => new MailingList { LocalPart = "talk", Domain = "lists.example", DisplayName = "x" }, _ => true, out _)
            .ShouldBeFalse();
        ListAddress.ProblemWithName(name.Split('@')[0]).ShouldNotBeNull();
    }

    private static string Token() => VerpToken.Make(Secret, List, Mia, Sent);
}
