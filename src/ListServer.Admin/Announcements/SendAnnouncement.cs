using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.Store.Changes;

namespace ListServer.Admin.Announcements;

/// <summary>
/// Sends a message to a list by a plan. It goes the way of a post that a moderator accepted: who sends it here stands for it, and the
/// flow does the rest when its time has come.
/// </summary>
/// <param name="List">The posting address.</param>
/// <param name="Message">The whole message, its lines ending in CRLF.</param>
/// <param name="Plan">When and how fast.</param>
/// <param name="Undo">It begins so much later, and can be stopped without a trace of it outside until then.</param>
public sealed record SendAnnouncement(string List, byte[] Message, SendingPlan Plan, TimeSpan Undo = default) : UseCase<AnnouncementProgress>
{
    /// <summary>From so many a day on, Gmail and its like want a one-click way to leave (AUTH-53, AUTH-74).</summary>
    private const int BulkSending = 5_000;

    /// <summary>The part of a copy's life (AUTH-32) in which all have to be tried once; the rest is to try again.</summary>
    private const double LongestSending = 0.8;

    /// <summary>What the host knows of the message's author.</summary>
    private Verified? Found { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementProgress>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (Problem(list, now, context) is { } problem)
        {
            return RefusedUseCase.Invalid(problem);
        }

        if (Found is not { } verified)
        {
            return new RefusedUseCase(Refusal.TryLater, "No server runs on this data folder; 'listserver serve' is what sends.");
        }

        var message = RawMessage.Parse(Message);
        if (AnnouncementCheck.Problem(list, message) is { } missing)
        {
            return RefusedUseCase.Invalid(missing);
        }

        if (!verified.Report.Author.IsValid)
        {
            return RefusedUseCase.Invalid($"The From field does not hold exactly one valid address: {verified.Report.Author.Reason}");
        }

        var local = new LocalPost(list, message, verified, context.Actor);
        var post = local.ToPost(context.Store, context.Time);
        if (Judge(local, post, context) is { } refusal)
        {
            return refusal;
        }

        var earliest = now + Undo;
        var plan = Plan with { NotBefore = Plan.NotBefore > earliest || Undo <= TimeSpan.Zero ? Plan.NotBefore : earliest };
        return await KeepAsync(post, new Announcement(post.Id, list.Address, now, context.Actor, plan), verified, context, cancellationToken);
    }

    /// <inheritdoc/>
    internal override async Task<UseCase<AnnouncementProgress>> PrepareAsync(AdminContext context, CancellationToken cancellationToken) =>
        context.VerifyLocal is { } verify && PreCheck.Problem(Message) is null
            ? this with { Found = await verify(RawMessage.Parse(Message), context.Actor, cancellationToken) }
            : this;

    /// <summary>What keeps it from being sent, before it is looked at more closely; null for nothing.</summary>
    internal string? Problem(MailingList list, DateTimeOffset now, AdminContext context)
    {
        if ((Plan.Problem() ?? PreCheck.Problem(Message)) is { } problem)
        {
            return problem;
        }

        if (Plan.NotBefore < now)
        {
            return PastTime.Words(Plan.NotBefore.Value);
        }

        var receivers = context.Store.Receivers(list.Address).Count;
        if (receivers >= BulkSending && !list.Personalize)
        {
            return FormattableString.Invariant($"To {receivers} members each copy needs a one-click way to leave, or large providers refuse it: 'listserver list set {list.Address} --personalize'.");
        }

        var longest = context.CopyLifetime * LongestSending;
        return ((Plan.Rate?.Each ?? TimeSpan.Zero) * receivers) + (Plan.ThenAfter ?? TimeSpan.Zero) > longest
            ? FormattableString.Invariant($"To {receivers} members that would take longer than {longest.TotalDays:0.#} days: copies and their signatures do not live much longer.")
            : null;
    }

    private static RefusedUseCase? Judge(LocalPost local, Post post, AdminContext context)
    {
        if (post.MessageId.Length > 0 && context.Store.FindRecentPost(post.List, post.MessageId) is { State: PostState.Accepted or PostState.Distributed } earlier)
        {
            return RefusedUseCase.Conflict($"A message with this Message-ID went to {post.List} already, as {earlier.Id}.");
        }

        var decision = local.Judge(post, context.Store, context.Trust);
        return decision.Verdict is Verdict.Accept ? null : RefusedUseCase.Invalid(decision.Verdict.Reason);
    }

    private async Task<Outcome<AnnouncementProgress>> KeepAsync(
        Post post, Announcement announcement, Verified verified, AdminContext context, CancellationToken cancellationToken)
    {
        var when = announcement.Plan.NotBefore is { } at ? $"for {PastTime.Shown(at)}" : "for now";
        TraceEvent approved = new(announcement.CreatedAt, TraceStage.Moderation, "accepted", $"announcement {when}, by {announcement.By}");
        await context.Store.Spool.StoreAsync(post.Id, Message, cancellationToken);
        var isKept = false;
        try
        {
            await context.CommitAsync(
                [new PostSaved(post), new AnnouncementPlanned(announcement), new TraceAdded(post.Id, verified.Trace.Add(approved)), .. Sent(post, context)], cancellationToken);
            isKept = true;
        }
        finally
        {
            if (!isKept)
            {
                context.Store.Spool.Remove(post.Id);
            }
        }

        return AnnouncementProgress.Of(announcement, context);
    }

    // What was sent is no draft any more, from the same moment on.
    private static IEnumerable<Change> Sent(Post post, AdminContext context) =>
        context.Store.FindAnnouncementDraft(post.List, context.Actor) is { } draft && draft.MessageId == post.MessageId ? [new AnnouncementDraftSaved(draft with { SentAs = post.Id })] : [];
}
