using System.Text;
using ListServer.Admin;
using ListServer.Admin.Announcements;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Lists.Announcements;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Api;

/// <summary>How an announcement is sent.</summary>
public sealed record ApiPlan
{
    /// <summary>Nothing goes before; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>No faster than so many recipients a minute; null for as fast as the receivers take it.</summary>
    public int? RatePerMinute { get; init; }

    /// <summary>So many recipients get it first; 0 for all together.</summary>
    public int First { get; init; }

    /// <summary>So long after the first the others follow; null when they wait for "resume".</summary>
    public int? ThenAfterSeconds { get; init; }

    /// <summary>More than this share of hard refusals stops it: above 0, and 1 for never.</summary>
    public double StopAtRefusals { get; init; } = SendingPlan.UsualRefusals;

    internal static ApiPlan Of(SendingPlan plan) => new()
    {
        NotBefore = plan.NotBefore,
        RatePerMinute = plan.Rate is { } rate ? (int)Math.Round(TimeSpan.FromMinutes(1) / rate.Each) : null,
        First = plan.First,
        ThenAfterSeconds = (int?)plan.ThenAfter?.TotalSeconds,
        StopAtRefusals = plan.StopAtRefusals,
    };

    internal SendingPlan ToPlan() => new()
    {
        NotBefore = NotBefore,
        Rate = RatePerMinute is { } rate ? new SendingRate(rate, TimeSpan.FromMinutes(1)) : null,
        First = First,
        ThenAfter = ThenAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        StopAtRefusals = StopAtRefusals,
    };
}

/// <summary>An announcement to send.</summary>
/// <param name="Message">The whole message (RFC 5322) as text; its lines may end in LF. Other text than ASCII is sent as UTF-8.</param>
public sealed record NewAnnouncement(string Message)
{
    /// <summary>How it is sent.</summary>
    public ApiPlan Plan { get; init; } = new();

    /// <summary>It begins so much later, and can be stopped until then without a trace of it outside.</summary>
    public int UndoSeconds { get; init; } = 60;
}

/// <summary>When an announcement begins instead.</summary>
/// <param name="NotBefore">The new time.</param>
public sealed record NewTime(DateTimeOffset NotBefore);

/// <summary>How far an announcement got: what was delivered, refused, expired, withdrawn and stopped, and what waits, add up to the recipients.</summary>
public sealed record ApiAnnouncement(
    string Id,
    string List,
    string Subject,
    AnnouncementState State,
    string Reason,
    string By,
    ApiPlan Plan,
    DateTimeOffset? StartedAt,
    bool RestWaits,
    int Recipients,
    int Delivered,
    int Waiting,
    int Refused,
    int Expired,
    int Withdrawn,
    int Stopped,
    double? PerMinute,
    long? TimeLeftSeconds)
{
    internal static ApiAnnouncement Of(AnnouncementProgress progress) => new(
        progress.Id,
        progress.List,
        progress.Subject,
        progress.State,
        progress.Reason,
        progress.By,
        ApiPlan.Of(progress.Plan),
        progress.StartedAt,
        progress.RestWaits,
        progress.Recipients,
        progress.Delivered,
        progress.Waiting,
        progress.Refused,
        progress.Expired,
        progress.Withdrawn,
        progress.Stopped,
        progress.PerMinute,
        (long?)progress.TimeLeft?.TotalSeconds);
}

/// <summary>/lists/{list}/announcements: messages that are sent by a plan.</summary>
internal static class AnnouncementsApi
{
    private const int MostMessage = 32 << 20;

    public static void MapAnnouncementsApi(this IEndpointRouteBuilder routes)
    {
        const string One = "/lists/{list}/announcements/{id}";
        var api = new ApiRoutes(routes, "Announcements");
        api.Get<IReadOnlyList<ApiAnnouncement>>("/lists/{list}/announcements", Right.Own, Scope.AnnounceRead, "The latest announcements, the newest first", call => call.RunAsync(
            new BrowseAnnouncements(call.List.Address, call.Limit), all => Answer.Json(all.Select(ApiAnnouncement.Of))), QueryParameter.Limit);
        api.Post<NewAnnouncement, ApiAnnouncement>("/lists/{list}/announcements", Right.Own, Scope.AnnounceWrite, "Sends a message by a plan", SendAsync, most: MostMessage);
        api.Get<ApiAnnouncement>(One, Right.Own, Scope.AnnounceRead, "How far an announcement got", call => OfListAsync(call, new ShowAnnouncement(call.Route("id"))));
        api.Events(One + "/events", Right.Own, Scope.AnnounceRead, "How far an announcement gets, by server-sent events", ShowAsync, Topic.Posts | Topic.Deliveries, announcement => announcement.State is AnnouncementState.Done or AnnouncementState.Stopped);
        api.Post<ApiAnnouncement>(One + "/pause", Right.Own, Scope.AnnounceWrite, "Holds it back: only what is on its way still arrives", call => OfListAsync(call, new PauseAnnouncement(call.Route("id"))));
        api.Post<ApiAnnouncement>(One + "/resume", Right.Own, Scope.AnnounceWrite, "Lets it go on, or all others follow the first", call => OfListAsync(call, new ResumeAnnouncement(call.Route("id"))));
        api.Post<ApiAnnouncement>(One + "/stop", Right.Own, Scope.AnnounceWrite, "Gives it up: who waits for it gets no copy", call => OfListAsync(call, new StopAnnouncement(call.Route("id"))));
        api.Post<NewTime, ApiAnnouncement>(One + "/reschedule", Right.Own, Scope.AnnounceWrite, "Lets it begin at another time",
            (call, time) => OfListAsync(call, new RescheduleAnnouncement(call.Route("id"), time.NotBefore)), StatusCodes.Status200OK);
    }

    private static async Task<Outcome<ApiAnnouncement>> ShowAsync(Call call)
    {
        if (await call.Visit.IsStillInAsync(Right.Own)
            && await call.Visit.Desk.RunAsync(new ShowAnnouncement(call.Route("id")), call.Cancelled) is Outcome<AnnouncementProgress>.Done(var found)
            && found.List.Equals(call.List.Address, StringComparison.OrdinalIgnoreCase))
        {
            return ApiAnnouncement.Of(found);
        }

        return new Outcome<ApiAnnouncement>.Refused(Admin.Refusal.NotFound, $"{call.List.Address} has no announcement {call.Route("id")}.");
    }

    /// <summary>Acts on an announcement, if it is one of the list's.</summary>
    private static async Task<Answer> OfListAsync(Call call, UseCase<AnnouncementProgress> act) =>
        await call.Visit.Desk.RunAsync(new ShowAnnouncement(call.Route("id")), call.Cancelled) is Outcome<AnnouncementProgress>.Done(var found)
            && found.List.Equals(call.List.Address, StringComparison.OrdinalIgnoreCase)
            ? await call.RunAsync(act, progress => Answer.Json(ApiAnnouncement.Of(progress)))
            : Answer.Problem(ApiProblem.NotFound, $"{call.List.Address} has no announcement {call.Route("id")}.");

    private static async Task<Answer> SendAsync(Call call, NewAnnouncement wanted)
    {
        if (wanted.UndoSeconds is < 0 or > 86_400)
        {
            return Answer.Refused(Refusal.Invalid, "The time to think again is 0 to 86,400 seconds.", nameof(wanted.UndoSeconds));
        }

        var octets = Encoding.UTF8.GetBytes(wanted.Message.ReplaceLineEndings("\r\n"));
        return await call.RunAsync(
            new SendAnnouncement(call.List.Address, octets, wanted.Plan.ToPlan(), TimeSpan.FromSeconds(wanted.UndoSeconds)),
            progress => Answer.Json(ApiAnnouncement.Of(progress), StatusCodes.Status201Created) with { Location = $"{call.ListPath}/announcements/{progress.Id}" });
    }
}
