using System.Text;
using ListServer.Admin;
using ListServer.Admin.Jobs;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Lists.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web.Api;

/// <summary>What takes longer than a request: /lists/{list}/imports and /syncs begin a job, /jobs tells how far it got.</summary>
internal static class JobsApi
{
    private const long MostFile = 64 << 20;
    private const string Csv = "text/csv";

    private static readonly QueryParameter FileName = QueryParameter.Text("fileName", "For the record of consent; \"the API\" unless said otherwise.");
    private static readonly QueryParameter Wording = QueryParameter.Text("wording", "What they agreed to, in the words that were shown; may be missing.");

    public static void MapJobsApi(this IEndpointRouteBuilder routes)
    {
        var api = new ApiRoutes(routes, "Jobs");
        api.PostOctets<Job>("/lists/{list}/imports", Right.Own, Scope.MembersWrite, "Adds the members of a file: one address a line, or CSV with a column named email. You vouch for their consent", Csv, MostFile,
            call => StartAsync(call, text => Runs(call).StartAsync(
                new StartImport(call.List.Address, text, call.Flag("skipBad")), Name(call), call.Query("wording") ?? "", call.Visitor.Address, call.Cancelled)),
            StatusCodes.Status202Accepted, FileName, Wording, QueryParameter.Flag("skipBad", "Leaves bad lines out; otherwise one of them, and nothing is begun."));
        api.PostOctets<Job>("/lists/{list}/syncs", Right.Own, Scope.MembersWrite, "Makes a list's members those of a file, all at once or not at all", Csv, MostFile,
            call => StartAsync(call, text => Runs(call).StartAsync(
                new SyncMembers(call.List.Address, text, Name(call), false, call.Flag("removeMany"), call.Query("wording") ?? ""), call.Visitor.Address, call.Cancelled)),
            StatusCodes.Status202Accepted, FileName, Wording, QueryParameter.Flag("removeMany", "Lets more than half of the members go at once."));
        api.Get<IReadOnlyList<Job>>("/jobs", Right.SignedIn, Scope.MembersRead, "The jobs of the last month on lists that you run, the newest first", call => call.RunAsync(
            new BrowseJobs(call.Visitor.Address), jobs => Answer.Json(jobs.Where(job => call.Visitor.Grant!.Covers(job.List)))));
        api.Get<Job>("/jobs/{id}", Right.SignedIn, Scope.MembersRead, "How far a job got", async call => await ShowAsync(call) switch
        {
            Outcome<Job>.Done(var job) => Answer.Json(job),
            _ => Answer.Problem(ApiProblem.NotFound, $"There is no job {call.Route("id")}."),
        });
        api.Events("/jobs/{id}/events", Right.SignedIn, Scope.MembersRead, "How far a job gets, by server-sent events", ShowAsync, Topic.Jobs, job => job.State is not JobState.Running);
        api.Post<Job>("/jobs/{id}/stop", Right.SignedIn, Scope.MembersWrite, "Ends a job; what it did stays", async call => await ShowAsync(call) is Outcome<Job>.Done(var job)
            ? await call.RunAsync(new EndJob(job.Id, JobState.Stopped, $"ended by {call.Visitor.Address}"), ended => Answer.Json(ended))
            : Answer.Problem(ApiProblem.NotFound, $"There is no job {call.Route("id")}."));
    }

    private static JobRuns Runs(Call call) => call.Http.RequestServices.GetRequiredService<JobRuns>();

    private static string Name(Call call) => call.Query("fileName") is { Length: > 0 } name ? string.Concat(name.Where(c => !char.IsControl(c)).Take(100)) : "the API";

    private static async Task<Outcome<Job>> ShowAsync(Call call) =>
        await call.Visit.IsStillInAsync(Right.SignedIn)
        && await call.Visit.Desk.RunAsync(new ShowJob(call.Route("id"), call.Visitor.Address), call.Cancelled) is Outcome<Job>.Done(var job) && call.Visitor.Grant!.Covers(job.List)
            ? job
            : new Outcome<Job>.Refused(Refusal.NotFound, $"There is no job {call.Route("id")}.");

    private static async Task<Answer> StartAsync(Call call, Func<string, Task<Outcome<Job>>> start)
    {
        if (!System.Text.Unicode.Utf8.IsValid(call.Octets))
        {
            return Answer.Problem(ApiProblem.Invalid, "The file is not in UTF-8.");
        }

        return await start(Encoding.UTF8.GetString(call.Octets)) switch
        {
            Outcome<Job>.Done(var job) => Answer.Json(job, StatusCodes.Status202Accepted) with { Location = $"{ApiRoutes.Base}/jobs/{job.Id}" },
            Outcome<Job>.Refused refused => Answer.Refused(refused.Kind, refused.Message, refused.Field),
            _ => Answer.Nothing(),
        };
    }
}
