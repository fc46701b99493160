using ListServer.Admin.Shares;
using ListServer.MailAuth.Dmarc;
using ListServer.Store;
using ListServer.Tests.Hosting;

namespace ListServer.Tests.Survey;

/// <summary>What DNS says of members' domains is found out in the background and kept (普及状況).</summary>
public sealed class DomainSurveyTests
{
    [Fact]
    public async Task Members_domains_are_asked_about_once_the_server_runs()
    {
        await using var stage = await ServerStage.StartAsync();
        await stage.StopServerAsync();
        await stage.StartServerAsync();

        DomainFacts? strict = null, plain = null;
        await ServerStage.UntilAsync(() =>
        {
            (strict, plain) = (stage.Server.Store.FindDomainFacts("strict.example"), stage.Server.Store.FindDomainFacts("plain.example"));
            return Task.FromResult(strict is not null && plain is not null);
        });
        (strict!.HasSpf, strict.HasDkimKeys, strict.HasDmarc, strict.Policy, strict.Failure).ShouldBe((true, true, true, DmarcPolicy.Reject, null));
        (plain!.HasSpf, plain.HasDkimKeys, plain.HasDmarc, plain.Policy).ShouldBe((true, false, true, DmarcPolicy.None));
        (await stage.DoAsync(new ShowShares(ServerStage.List))).Members.ShouldBe(new DomainShares(Domains: 2, Spf: 2, Dkim: 1, Dmarc: 2, Quarantine: 0, Reject: 1, Unprotected: 0));
    }
}
