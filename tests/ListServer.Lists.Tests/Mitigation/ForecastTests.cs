using ListServer.Lists.Mitigation;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Tests.Mitigation;

/// <summary>What three kinds of receivers make of a copy (AUTH-46, 72, 74).</summary>
public sealed class ForecastTests
{
    private const string Ours = "lists.example";

    private static readonly DkimResult OurSignature = new(DkimVerdict.Pass, Ours, "s", "@" + Ours, "rsa-sha256", "the signature verifies");

    [Fact]
    public void What_passes_DMARC_is_delivered_everywhere() =>
        Outcomes(Reports.Alice).ShouldBe([ForecastOutcome.Delivered, ForecastOutcome.Delivered, ForecastOutcome.Delivered]);

    [Theory]
    [InlineData(DmarcPolicy.Reject, ForecastOutcome.Refused)]
    [InlineData(DmarcPolicy.Quarantine, ForecastOutcome.Spam)]
    [InlineData(DmarcPolicy.None, ForecastOutcome.Delivered)]
    public void A_seal_saves_what_the_policy_forbids_only_where_it_is_trusted(DmarcPolicy policy, ForecastOutcome failing)
    {
        Outcomes(Broken(policy)).ShouldBe([failing, failing, ForecastOutcome.Delivered]);
        Outcomes(Broken(policy), "LISTS.example").ShouldBe([failing, ForecastOutcome.Delivered, ForecastOutcome.Delivered]);
    }

    [Fact]
    public void A_seal_that_does_not_say_dmarc_pass_saves_nothing()
    {
        var seen = Broken(DmarcPolicy.Reject);
        seen = seen with { Arc = seen.Arc with { NewestResults = "mx.lists.example; dmarc=fail header.from=author.example" } };
        Outcomes(seen, Ours).ShouldBe([ForecastOutcome.Refused, ForecastOutcome.Refused, ForecastOutcome.Refused]);
        Of(seen)[2].Why.ShouldEndWith("; the seal of lists.example does not say that DMARC passed before");
        Outcomes(seen with { Arc = new ArcResult(ArcVerdict.Fail, 1, null, [Ours], false, "broken") }).ShouldAllBe(outcome => outcome == ForecastOutcome.Refused);
    }

    [Fact]
    public void AUTH_74_what_nobody_authenticates_is_refused_by_the_Gmail_like_receiver() =>
        Outcomes(Broken(DmarcPolicy.None) with { Dkim = [] }).ShouldBe([ForecastOutcome.Delivered, ForecastOutcome.Refused, ForecastOutcome.Delivered]);

    [Fact]
    public void AUTH_72_failing_mail_from_a_strict_domain_is_refused_in_spite_of_p_none()
    {
        var seen = Broken(DmarcPolicy.None);
        var gmail = seen with { Author = new AuthorResult("ken@gmail.com", "gmail.com", null, null), Dmarc = seen.Dmarc with { AuthorDomain = "gmail.com" } };
        Outcomes(gmail).ShouldBe([ForecastOutcome.Delivered, ForecastOutcome.Refused, ForecastOutcome.Delivered]);
    }

    [Fact]
    public void DNS_that_does_not_answer_puts_off()
    {
        var seen = Broken(DmarcPolicy.Reject);
        Outcomes(seen with { Dmarc = seen.Dmarc with { Verdict = DmarcVerdict.TempError } }).ShouldAllBe(outcome => outcome == ForecastOutcome.Deferred);
    }

    /// <summary>Alice's post with a footer under her own From, sealed by us: her signature is broken, ours and the seal hold.</summary>
    private static AuthenticationReport Broken(DmarcPolicy policy) => Reports.Alice with
    {
        SpfMailFrom = new SpfResult(SpfVerdict.None, Ours, "not known"),
        Dkim = [OurSignature, Reports.Signed with { Verdict = DkimVerdict.Fail, Reason = "the body changed" }],
        Arc = new ArcResult(ArcVerdict.Pass, 1, 0, [Ours], false, "the chain passes", "mx.lists.example; dmarc=pass header.from=author.example"),
        Dmarc = Reports.Alice.Dmarc with
        {
            Verdict = DmarcVerdict.Fail,
            Policy = policy,
            Disposition = policy,
            SpfAligned = false,
            DkimAligned = false,
            Reason = "nothing aligned passed",
        },
    };

    private static System.Collections.Immutable.ImmutableArray<Forecast> Of(AuthenticationReport seen, params string[] known) =>
        Forecast.Of(seen, new OperatorTrust(), known, Ours);

    private static IEnumerable<ForecastOutcome> Outcomes(AuthenticationReport seen, params string[] known) => Of(seen, known).Select(forecast => forecast.Outcome);
}
