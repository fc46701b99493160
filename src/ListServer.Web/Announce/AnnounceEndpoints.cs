using ListServer.Admin;
using ListServer.Admin.Announcements;
using ListServer.Admin.People;
using ListServer.Lists.Announcements;
using ListServer.Web.Archive;
using ListServer.Web.Live;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Announce;

/// <summary>/lists/{list}/announce: an announcement is written, looked at, tested, sent by a plan, and watched.</summary>
internal static class AnnounceEndpoints
{
    /// <summary>For so long what was sent can be taken back without a trace of it outside.</summary>
    private static readonly TimeSpan Undo = TimeSpan.FromSeconds(60);

    public static void MapAnnounce(this IEndpointRouteBuilder routes)
    {
        const string Drafts = "/lists/{list}/announce/draft";
        const string One = "/lists/{list}/announce/{id}";
        routes.MapGet("/lists/{list}/announce", (Visit visit) => visit.ShowAsync(
            new BrowseAnnouncements(visit.List.Address, 50), async all => Answers.Page<AnnouncementsPage>(new { All = all, Draft = await DraftAsync(visit) }))).Needs(Right.Own);
        routes.MapGet(Drafts, async (Visit visit) => Answers.Page<DraftPage>(new { Entry = await DraftAsync(visit) is { } draft ? DraftEntry.Of(draft) : DraftEntry.New(visit.List) })).Needs(Right.Own);
        routes.MapPost(Drafts, SaveAsync).Needs(Right.Own);
        routes.MapPost(Drafts + "/drop", async (Visit visit) =>
        {
            await visit.Desk.RunAsync(new DropDraft(visit.List.Address), visit.Http.RequestAborted);
            return visit.Go(visit.ListPath + "/announce", visit.Words.Say("The draft is gone."));
        }).Needs(Right.Own);
        routes.MapGet(Drafts + "/preview", (Visit visit) => PreviewAsync(visit, PlanEntry.New(visit.Words.Language))).Needs(Right.Own);
        routes.MapGet(Drafts + "/html", (Visit visit) => visit.ShowAsync(
            new PreviewDraft(visit.List.Address, visit.Visitor!.Address), preview => HtmlPart.Answer(visit.Http, preview.Seen?.Html ?? "", isMasked: false))).Needs(Right.Own);
        routes.MapPost(Drafts + "/test", TestAsync).Needs(Right.Own);
        routes.MapPost(Drafts + "/send", SendAsync).Needs(Right.Own);
        routes.MapGet(One, (string id, Visit visit) => OfListAsync(visit, id, found => Answers.Page<AnnouncementPage>(new { Found = found }))).Needs(Right.Own);
        routes.MapPost(One + "/pause", (string id, Visit visit) => MoveAsync(visit, id, new PauseAnnouncement(id))).Needs(Right.Own);
        routes.MapPost(One + "/resume", (string id, Visit visit) => MoveAsync(visit, id, new ResumeAnnouncement(id))).Needs(Right.Own);
        routes.MapPost(One + "/stop", (string id, Visit visit) => MoveAsync(visit, id, new StopAnnouncement(id))).Needs(Right.Own);
        routes.MapPost(One + "/reschedule", RescheduleAsync).Needs(Right.Own);
        routes.MapGet(One + "/live", (string id, Visit visit, LiveEvents live) => live.Follow(
            visit.Desk, Topic.Posts | Topic.Deliveries, () => CountersAsync(visit, id), counters => counters.IsOver, visit.Http.RequestAborted)).Needs(Right.Own);
    }

    private static async Task<IResult> SaveAsync(Visit visit)
    {
        var entry = DraftEntry.Of(await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted));
        if (!DraftEntry.Senders(visit).Contains(entry.From, StringComparer.OrdinalIgnoreCase))
        {
            return Again("From", visit.Words.Say("Choose one of the addresses that are shown."));
        }

        return await visit.Desk.RunAsync(new SaveDraft(visit.List.Address, entry.From, entry.Name, entry.Subject, entry.Text, entry.Html), visit.Http.RequestAborted) switch
        {
            Outcome<AnnouncementDraft>.Refused({ } kind, var message) { Field: null } => visit.Refuse(kind, message),
            Outcome<AnnouncementDraft>.Refused refused => Again(refused.Field!, visit.Words.Say(refused.Message)),
            _ => visit.Go(visit.ListPath + "/announce/draft/preview"),
        };

        IResult Again(string field, string problem) => Answers.Page<DraftPage>(new { Entry = entry, Field = field, Problem = problem }, StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> PreviewAsync(Visit visit, PlanEntry plan, string? field = null, string? problem = null) =>
        await visit.Desk.RunAsync(new PreviewDraft(visit.List.Address, visit.Visitor!.Address), visit.Http.RequestAborted) switch
        {
            Outcome<DraftPreview>.Done(var preview) => Answers.Page<DraftPreviewPage>(
                new { Preview = preview, Plan = plan, Field = field, Problem = problem }, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest),
            Outcome<DraftPreview>.Refused(Refusal.NotFound, _) => NoDraft(visit),
            Outcome<DraftPreview>.Refused(var kind, var message) => visit.Refuse(kind, message),
            _ => Results.Empty,
        };

    private static async Task<IResult> TestAsync(Visit visit) => await visit.Desk.RunAsync(new TestDraft(visit.List.Address, visit.Visitor!.Address), visit.Http.RequestAborted) switch
    {
        Outcome<SentTest>.Done(var sent) => visit.Go(visit.ListPath + "/announce/draft/preview", visit.Words.Say("A test is on its way to {0}.", sent.To)),
        Outcome<SentTest>.Refused(Refusal.NotFound, _) => NoDraft(visit),
        Outcome<SentTest>.Refused(var kind, var message) => visit.Refuse(kind, message),
        _ => Results.Empty,
    };

    private static async Task<IResult> SendAsync(Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var entry = PlanEntry.Of(form);
        if (entry.Read(visit.Words, out var plan) is var (field, problem))
        {
            return await PreviewAsync(visit, entry, field, problem);
        }

        return await visit.Desk.RunAsync(new SendDraft(visit.List.Address, plan, Undo) { Draft = form["draft"].ToString() }, visit.Http.RequestAborted) switch
        {
            Outcome<AnnouncementProgress>.Done(var sent) => visit.Go($"{visit.ListPath}/announce/{sent.Id}"),
            Outcome<AnnouncementProgress>.Refused(Refusal.NotFound, _) => NoDraft(visit),
            Outcome<AnnouncementProgress>.Refused(Refusal.Invalid or Refusal.Conflict, var message) => await PreviewAsync(visit, entry, "send", visit.Words.Say(message)),
            Outcome<AnnouncementProgress>.Refused(var kind, var message) => visit.Refuse(kind, message),
            _ => Results.Empty,
        };
    }

    private static async Task<IResult> RescheduleAsync(string id, Visit visit)
    {
        var form = await visit.Http.Request.ReadFormAsync(visit.Http.RequestAborted);
        var (at, zone) = (form["at"].ToString(), form["zone"].ToString());
        return PlanEntry.ReadTime(at, zone, visit.Words, out var time) is { } problem
            ? await OfListAsync(visit, id, found => Answers.Page<AnnouncementPage>(new { Found = found, At = at, Zone = zone, Problem = problem }, StatusCodes.Status400BadRequest))
            : await MoveAsync(visit, id, new RescheduleAnnouncement(id, time));
    }

    // What somebody else did meanwhile is told beside how it stands now.
    private static Task<IResult> MoveAsync(Visit visit, string id, UseCase<AnnouncementProgress> move) => OfListAsync(visit, id, async _ =>
        await visit.Desk.RunAsync(move, visit.Http.RequestAborted) is Outcome<AnnouncementProgress>.Refused refused
            ? visit.Go($"{visit.ListPath}/announce/{id}", visit.Words.Say(refused.Message))
            : visit.Go($"{visit.ListPath}/announce/{id}"));

    private static Task<IResult> OfListAsync(Visit visit, string id, Func<AnnouncementProgress, IResult> page) => OfListAsync(visit, id, found => Task.FromResult(page(found)));

    private static async Task<IResult> OfListAsync(Visit visit, string id, Func<AnnouncementProgress, Task<IResult>> page) =>
        await FindAsync(visit, id) is { } found ? await page(found) : visit.Refuse(Refusal.NotFound, visit.Words.Say("There is no such announcement on this list."));

    private static async Task<AnnouncementProgress?> FindAsync(Visit visit, string id) =>
        await visit.Desk.RunAsync(new ShowAnnouncement(id), visit.Http.RequestAborted) is Outcome<AnnouncementProgress>.Done(var found)
            && found.List.Equals(visit.List.Address, StringComparison.OrdinalIgnoreCase)
            ? found
            : null;

    private static async Task<Outcome<AnnouncementCounters>> CountersAsync(Visit visit, string id) =>
        await visit.IsStillInAsync(Right.Own) && await FindAsync(visit, id) is { } found
            ? AnnouncementCounters.Of(found)
            : new Outcome<AnnouncementCounters>.Refused(Refusal.NotFound, $"There is no announcement {id}.");

    private static async Task<AnnouncementDraft?> DraftAsync(Visit visit) =>
        await visit.Desk.RunAsync(new ShowDraft(visit.List.Address), visit.Http.RequestAborted) is Outcome<AnnouncementDraft>.Done(var draft) ? draft : null;

    private static IResult NoDraft(Visit visit) => visit.Go(visit.ListPath + "/announce", visit.Words.Say("That draft is not here any more: it was sent or thrown away."));
}
