using System.Collections.Immutable;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Moderation;

/// <summary>The first pass of the decision table of mail-authentication.md: rows 1 to 5.</summary>
internal static class AuthorRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("author", Structural),
        new("author-authentication", Authentication),
    ];

    private static Verdict.Reject? Structural(Candidate candidate) =>
        candidate.Report.Author.IsValid
            ? null
            : new Verdict.Reject($"The From field does not hold exactly one valid address: {candidate.Report.Author.Reason}");

    private static Verdict? Authentication(Candidate candidate)
    {
        var decision = DecisionTable.Decide(new MitigationCase
        {
            Standing = candidate.Standing,
            Setting = candidate.List.Mitigation,
            RequiresAuthorAuthentication = candidate.List.RequireAuthorAuthentication,
            RejectsForged = candidate.List.RejectForgedStrict && candidate.MayFilter && candidate.Report.SpfMailFrom.Verdict is SpfVerdict.Fail,
            IsFromOurs = candidate.List.VouchesFor(candidate.Report.Dmarc),
            ApprovedBy = candidate.ApprovedBy,
        });
        return decision.Action switch
        {
            MitigationAction.Reject => new Verdict.Reject(decision.Why),
            MitigationAction.Defer => new Verdict.Reject(decision.Why, 451, "4.7.0"),
            MitigationAction.Hold when decision.Row is >= 3 and <= 6 => new Verdict.Hold(decision.Why),
            _ => null,
        };
    }
}
