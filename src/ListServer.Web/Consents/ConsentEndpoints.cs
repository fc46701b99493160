using ListServer.Admin.Consents;
using ListServer.Admin.People;
using ListServer.Lists.Consents;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Consents;

/// <summary>What is agreed to: for a list by its owners, for a domain by who runs the server (AUTH-84).</summary>
internal static class ConsentEndpoints
{
    public static void MapConsents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists/{list}/settings/consent", (Visit visit) => ShowAsync<ListConsentPage>(visit, visit.List.Address)).Needs(Right.Own);
        routes.MapPost("/lists/{list}/settings/consent", (Visit visit) => DecideAsync(visit, visit.List.Address, visit.ListPath + "/settings/consent")).Needs(Right.Own);
        routes.MapGet("/admin/domains/{domain}/consent", (string domain, Visit visit) => ShowAsync<DomainConsentPage>(visit, domain)).Needs(Right.RunServer);
        routes.MapPost("/admin/domains/{domain}/consent", (string domain, Visit visit) => DecideAsync(visit, domain, $"/admin/domains/{domain}/consent")).Needs(Right.RunServer);
    }

    private static Task<IResult> ShowAsync<TPage>(Visit visit, string scope)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        visit.ShowAsync(new ShowDmarcConsent(scope, visit.Words.Language), view => Answers.Page<TPage>(new { View = view }));

    private static async Task<IResult> DecideAsync(Visit visit, string scope, string page)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var purpose = form["purpose"] == "reporting" ? ConsentPurpose.Reporting : ConsentPurpose.Filtering;
        return form["act"] == "withdraw"
            ? await visit.ShowAsync(new WithdrawDmarcConsent(scope, purpose), (DmarcConsent _) => visit.Go(page, visit.Words.Say("Withdrawn. It holds from now on.")))

            // The language and version are those of the words that stood above the button.
            : await visit.ShowAsync(
                new GiveDmarcConsent(scope, purpose, form["language"].ToString(), form["version"].ToString(), "web page"),
                (DmarcConsent _) => visit.Go(page, visit.Words.Say("Agreed. Your consent is kept with these words.")));
    }
}
