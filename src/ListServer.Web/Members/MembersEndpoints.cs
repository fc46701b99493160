using System.Text;
using ListServer.Admin;
using ListServer.Admin.Jobs;
using ListServer.Admin.Members;
using ListServer.Admin.People;
using ListServer.Lists;
using ListServer.Lists.Jobs;
using ListServer.Lists.Membership;
using ListServer.Web.Live;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Members;

/// <summary>/lists/{list}/members: who is on a list.</summary>
internal static class MembersEndpoints
{
    private const int PageSize = 50;
    private const int MostFile = 32 << 20;

    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists/{list}/members", (string? q, string? filter, string? after, Visit visit) => ListAsync(visit, q, filter, after)).Needs(Right.Own);
        routes.MapPost("/lists/{list}/members", AddAsync).Needs(Right.Own);
        routes.MapGet("/lists/{list}/members/import", () => Answers.Page<ImportPage>()).Needs(Right.Own);
        routes.MapPost("/lists/{list}/members/import", ImportAsync).Needs(Right.Own);
        routes.MapGet("/lists/{list}/members/import/{id}", async (string id, Visit visit) => await LiveEndpoints.JobAsync(visit, id) switch
        {
            Outcome<Job>.Done(var job) => Answers.Page<JobPage>(new { Job = job }),
            _ => visit.Refuse(Refusal.NotFound, visit.Words.Say("There is no such job on this list; it may be long over.")),
        }).Needs(Right.Own);
        routes.MapPost("/lists/{list}/members/import/{id}/stop", async (string id, Visit visit) => await LiveEndpoints.JobAsync(visit, id) is Outcome<Job>.Done(var job)
            && await visit.Desk.RunAsync(new EndJob(job.Id, JobState.Stopped), visit.Http.RequestAborted) is Outcome<Job>.Done
            ? visit.Go($"{visit.ListPath}/members/import/{id}")
            : visit.Go($"{visit.ListPath}/members/import/{id}", visit.Words.Say("It was over already."))).Needs(Right.Own);
        routes.MapGet("/lists/{list}/members/{address}", (string address, Visit visit) => visit.ShowAsync(
            new ShowMember(visit.List.Address, address), detail => Answers.Page<MemberPage>(new { Detail = detail }))).Needs(Right.Own);
        routes.MapPost("/lists/{list}/members/{address}", SetAsync).Needs(Right.Own);
        routes.MapPost("/lists/{list}/members/{address}/remove", (string address, Visit visit) => visit.ShowAsync(
            new RemoveMember(visit.List.Address, address),
            member => visit.Go(visit.ListPath + "/members", visit.Words.Say("{0} is no longer on the list.", member.Address)))).Needs(Right.Own);
        routes.MapPost("/lists/{list}/members/{address}/enable", (string address, Visit visit) => visit.ShowAsync(
            new EnableMember(visit.List.Address, address),
            member => visit.Go($"{visit.ListPath}/members/{Uri.EscapeDataString(member.Address)}", visit.Words.Say("{0} receives again.", member.Address)))).Needs(Right.Own);
    }

    private static Task<IResult> ListAsync(Visit visit, string? q, string? filter, string? after)
    {
        var chosen = Enum.TryParse<MemberFilter>(filter, ignoreCase: true, out var known) ? known : MemberFilter.All;
        return visit.ShowAsync(
            new FindMembers(visit.List.Address, (q ?? "").Trim(), chosen, after, PageSize),
            found => Answers.Page<MembersPage>(new { Found = found, Search = (q ?? "").Trim(), Filter = chosen, IsFirst = after is null }));
    }

    private static async Task<IResult> AddAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var address = form["address"].ToString().Trim();
        var add = new AddMember(visit.List.Address, address) { DisplayName = form["name"].ToString().Trim(), Role = Role(form["role"]) };
        if (await visit.Desk.RunAsync(add, visit.Http.RequestAborted) is Outcome<Member>.Done(var member))
        {
            return visit.Go(visit.ListPath + "/members", visit.Words.Say("{0} is on the list.", member.Address));
        }

        return await visit.ShowAsync(
            new FindMembers(visit.List.Address, Limit: PageSize),
            found => Answers.Page<MembersPage>(
                new { Found = found, IsFirst = true, Address = address, Name = add.DisplayName, Problem = visit.Words.Say("This is not a mail address, or it is on the list already.") }, StatusCodes.Status400BadRequest));
    }

    private static async Task<IResult> SetAsync(string address, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        return await visit.ShowAsync(
            new SetMember(visit.List.Address, address)
            {
                DisplayName = form["name"].ToString().Trim(),
                Role = Role(form["role"]),
                Delivery = Enum.TryParse<DeliveryChoice>(form["delivery"], out var delivery) ? delivery : null,
                OwnCopies = form["own"] == "yes",
            },
            member => visit.Go($"{visit.ListPath}/members/{Uri.EscapeDataString(member.Address)}", visit.Words.Say("Saved.")));
    }

    // The first step tells what would happen and brings the text along; only the second one does it.
    private static async Task<IResult> ImportAsync(Visit visit, JobRuns runs)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (text, name) = (form["text"].ToString(), form["file-name"].ToString());
        if (form.Files["file"] is { Length: > 0 and <= MostFile } file)
        {
            using var reader = new StreamReader(file.OpenReadStream(), Encoding.UTF8);
            (text, name) = (await reader.ReadToEndAsync(visit.Http.RequestAborted), Path.GetFileName(file.FileName));
        }

        name = name.Length > 0 ? string.Concat(name.Where(c => !char.IsControl(c)).Take(100)) : "the page";
        var import = new ImportMembers(visit.List.Address, text, name, SkipBad: true, form["wording"].ToString().Trim());
        if (form["step"] == "import" && form["agreed"] == "yes")
        {
            return await runs.StartAsync(new StartImport(visit.List.Address, text, SkipBad: true), name, import.Wording, visit.Visitor!.Address, visit.Http.RequestAborted) switch
            {
                Outcome<Job>.Done(var job) => visit.Go($"{visit.ListPath}/members/import/{job.Id}"),
                Outcome<Job>.Refused(var kind, var message) => visit.Refuse(kind, message),
                _ => Results.Empty,
            };
        }

        return await visit.ShowAsync(
            import with { IsTrial = true },
            report => Answers.Page<ImportPage>(new { Report = report, Text = text, FileName = name, Wording = import.Wording, IsUnanswered = form["step"] == "import" }));
    }

    private static MemberRole? Role(string? text) => Enum.TryParse<MemberRole>(text, out var role) ? role : null;
}
