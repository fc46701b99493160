using ListServer.Lists.Mitigation;

namespace ListServer.Lists.Tests.Mitigation;

/// <summary>What holds in every case that the decision table can meet.</summary>
public sealed class NeverLaunderTests
{
    public static IEnumerable<MitigationCase> Cases() =>
        from state in Enum.GetValues<AuthorState>()
        from policy in Enum.GetValues<AuthorPolicy>()
        from setting in Enum.GetValues<MitigationSetting>()
        from bits in Enumerable.Range(0, 32)
        select new MitigationCase
        {
            Standing = new AuthorStanding(state, policy, false, "why"),
            Setting = setting,
            RequiresAuthorAuthentication = (bits & 1) > 0,
            RejectsForged = (bits & 2) > 0,
            IsModified = (bits & 4) > 0,
            Survives = (bits & 8) > 0,
            ApprovedBy = (bits & 16) > 0 ? "mod" : null,
        };

    [Fact]
    public void Nobody_leaves_under_the_list_s_address_without_authentication_or_approval() // AUTH-70
    {
        foreach (var post in Cases().Where(c => c is { ApprovedBy: null, Standing.State: AuthorState.Unauthenticated or AuthorState.DnsError }))
        {
            DecisionTable.Decide(post).Action.ShouldNotBeOneOf(MitigationAction.Rewrite, MitigationAction.Wrap);
        }
    }

    [Fact]
    public void A_lax_policy_never_changes_handling_by_itself() // AUTH-13
    {
        foreach (var post in Cases().Where(c => c is { Setting: MitigationSetting.Auto or MitigationSetting.Never, Standing: { IsStrict: false, State: AuthorState.Verified } }))
        {
            DecisionTable.Decide(post).Action.ShouldBe(MitigationAction.Keep);
        }
    }

    [Fact]
    public void Only_approved_authors_who_were_not_authenticated_are_marked()
    {
        foreach (var post in Cases())
        {
            var isUnauthenticated = post.Standing!.State is AuthorState.Unauthenticated or AuthorState.DnsError;
            DecisionTable.Decide(post).IsMarked.ShouldBe(isUnauthenticated && post.ApprovedBy is not null);
        }
    }

    [Fact]
    public void Nobody_is_refused_for_a_policy_alone() // AUTH-12
    {
        foreach (var post in Cases().Where(c => !c.RejectsForged))
        {
            DecisionTable.Decide(post).Action.ShouldNotBe(MitigationAction.Reject);
        }
    }

    [Fact]
    public void Every_row_but_the_first_is_reached() =>
        Cases().Select(c => DecisionTable.Decide(c).Row).Distinct().Order().ShouldBe(Enumerable.Range(2, 18));
}
