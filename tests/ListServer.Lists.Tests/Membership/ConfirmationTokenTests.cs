using ListServer.Lists.Membership;

namespace ListServer.Lists.Tests.Membership;

/// <summary>SEC-28.</summary>
public sealed class ConfirmationTokenTests
{
    [Fact]
    public void Tokens_differ_and_fit_into_a_local_part()
    {
        var tokens = Enumerable.Range(0, 1_000).Select(_ => ConfirmationToken.New()).ToHashSet();

        tokens.Count.ShouldBe(1_000);
        tokens.ShouldAllBe(token => token.Length == ConfirmationToken.Length && token.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
    }

    [Fact]
    public void A_hash_does_not_mind_the_case_that_came_back()
    {
        var token = ConfirmationToken.New();

        ConfirmationToken.Hash(" " + token.ToUpperInvariant()).ShouldBe(ConfirmationToken.Hash(token));
        ConfirmationToken.Hash(token).Length.ShouldBe(64);
        ConfirmationToken.Hash(token).ShouldNotContain(token);
    }

    [Fact]
    public void The_address_for_the_answer_is_read_as_a_confirmation()
    {
        var address = ConfirmationToken.AnswerAddress(Reports.List, "abc").ShouldNotBeNull();

        ListAddress.TryParse(address, name => name == Reports.List.Address ? Reports.List : null, _ => true, out var found).ShouldBeTrue();
        found.ShouldBe(new ListAddress.Confirm(Reports.List, "abc"));
    }

    [Fact]
    public void A_long_name_leaves_no_room_for_a_token() =>
        ConfirmationToken.AnswerAddress(Reports.List with { LocalPart = new string('n', 30) }, ConfirmationToken.New()).ShouldBeNull();
}
