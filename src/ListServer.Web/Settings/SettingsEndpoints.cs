using ListServer.Admin;
using ListServer.Admin.Audit;
using ListServer.Admin.Lists;
using ListServer.Admin.People;
using ListServer.Lists;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Settings;

/// <summary>/lists/{list}/settings: a page a group, who changed what, and how a list ends.</summary>
internal static class SettingsEndpoints
{
    private const int HistoryShown = 50;

    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/lists/{list}/settings", (string? q, Visit visit) => Answers.Page<SettingsPage>(new { Search = (q ?? "").Trim() })).Needs(Right.Own);
        routes.MapGet("/lists/{list}/settings/history", (Visit visit) => visit.ShowAsync(
            new BrowseAudit(visit.List.Address, Limit: HistoryShown), entries => Answers.Page<HistoryPage>(new { Entries = entries }))).Needs(Right.Own);
        routes.MapGet("/lists/{list}/settings/danger", () => Answers.Page<DangerPage>()).Needs(Right.Own);
        routes.MapPost("/lists/{list}/settings/danger", RemoveAsync).Needs(Right.Own);
        routes.MapGet("/lists/{list}/settings/{group}", (string group, Visit visit) => Find(group) is { } found
            ? Answers.Page<SettingGroupPage>(new { Group = found, Values = Values(found, visit.List) })
            : Missing(visit)).Needs(Right.Own);
        routes.MapPost("/lists/{list}/settings/{group}", SaveAsync).Needs(Right.Own);
    }

    private static async Task<IResult> SaveAsync(string group, Visit visit)
    {
        if (Find(group) is not { } found)
        {
            return Missing(visit);
        }

        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (settings, values, wrong) = (new ListSettings(), new Dictionary<string, string>(), (Setting?)null);
        foreach (var setting in found.Settings)
        {
            values[setting.Name] = form[setting.Name].ToString();
            var next = setting.Write(settings, values[setting.Name]);
            wrong ??= next is null ? setting : null;
            settings = next ?? settings;
        }

        var problem = wrong is null
            ? await visit.Desk.RunAsync(new ChangeList(visit.List.Address, settings), visit.Http.RequestAborted) is Outcome<MailingList>.Refused(_, var message) ? message : null
            : visit.Words.Say("“{0}”: this value can’t be used.", visit.Words.Say(wrong.Title));
        return problem is null
            ? visit.Go($"{visit.ListPath}/settings/{group}", visit.Words.Say("Saved."))
            : Answers.Page<SettingGroupPage>(new { Group = found, Values = values, Problem = problem }, StatusCodes.Status400BadRequest);
    }

    // Whoever ends a list types its address: a slip of the finger ends nothing.
    private static async Task<IResult> RemoveAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        if (!form["name"].ToString().Trim().Equals(visit.List.Address, StringComparison.OrdinalIgnoreCase))
        {
            return Answers.Page<DangerPage>(new { Problem = visit.Words.Say("Nothing was removed: the address does not match."), Name = form["name"].ToString() }, StatusCodes.Status400BadRequest);
        }

        return await visit.Desk.RunAsync(new RemoveList(visit.List.Address), visit.Http.RequestAborted) is Outcome<MailingList>.Refused(_, var message)
            ? Answers.Page<DangerPage>(new { Problem = message }, StatusCodes.Status409Conflict)
            : visit.Go("/lists", visit.Words.Say("The list {0} is gone.", visit.List.Address));
    }

    private static SettingGroup? Find(string name) => SettingGroup.All.FirstOrDefault(group => group.Name == name);

    private static IResult Missing(Visit visit) => visit.Refuse(Refusal.NotFound, visit.Words.Say("There are no such settings."));

    private static Dictionary<string, string> Values(SettingGroup group, MailingList list) => group.Settings.ToDictionary(setting => setting.Name, setting => setting.Read(list));
}
