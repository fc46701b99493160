using ListServer.Admin.People;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Reports;

/// <summary>/admin/domains/{domain}/reports: who sends in a domain's name, whose that is, and what to publish next.</summary>
internal static class ReportsEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/domains/{domain}/reports", (string domain, Visit visit) => visit.ShowAsync(
            new ReviewReports(domain), review => Answers.Page<ReportsPage>(new { Review = review }))).Needs(Right.RunServer);
        routes.MapPost("/admin/domains/{domain}/reports/mark", MarkAsync).Needs(Right.RunServer);
    }

    private static async Task<IResult> MarkAsync(string domain, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var name = form["name"].ToString();
        var mark = form["whose"].ToString() switch
        {
            "ours" => SourceMark.Ours,
            "foreign" => SourceMark.Foreign,
            _ => SourceMark.None,
        };
        return await visit.ShowAsync(new MarkSources(domain, name, mark), _ => visit.Go($"/admin/domains/{domain}/reports", mark switch
        {
            SourceMark.Ours => visit.Words.Say("{0} is yours from now on: what it sends has to pass.", name),
            SourceMark.Foreign => visit.Words.Say("{0} is not yours from now on: that its mail fails keeps nobody from going on.", name),
            _ => visit.Words.Say("{0} is judged by the reports alone again.", name),
        }));
    }
}
