using System.Collections.Immutable;
using ListServer.Admin.Lists;
using ListServer.Lists.Announcements;
using ListServer.Lists.Membership;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Announcements;

/// <summary>Keeps what somebody writes, as their one draft for the list. What they wrote before is replaced.</summary>
/// <param name="List">The posting address.</param>
/// <param name="From">In whose name it goes.</param>
/// <param name="Name">The name beside it; empty for the list's.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The text.</param>
/// <param name="Html">The same with looks; empty for none.</param>
public sealed record SaveDraft(string List, string From, string Name, string Subject, string Text, string Html = "") : UseCase<AnnouncementDraft>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementDraft>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (!MemberAddress.TryParse(From, out var from, out var error))
        {
            return RefusedUseCase.Invalid(nameof(From), error!);
        }

        if (Problem() is { } refusal)
        {
            return refusal;
        }

        var draft = new AnnouncementDraft(OrderedId.New(context.Time), list.Address, context.Actor, context.Time.GetUtcNow())
        {
            From = from!,
            Name = Name.Trim() is { Length: > 0 } name ? name : list.DisplayName,
            Subject = Subject.Trim(),
            Text = Text.ReplaceLineEndings("\n").TrimEnd(),
            Html = Html.ReplaceLineEndings("\n").Trim(),
        };
        await context.CommitAsync(new AnnouncementDraftSaved(draft), cancellationToken);
        return draft;
    }

    private RefusedUseCase? Problem() => this switch
    {
        _ when Subject.Trim().Length == 0 => RefusedUseCase.Invalid(nameof(Subject), "A subject is missing."),
        _ when Subject.Length > AnnouncementDraft.LongestLine => RefusedUseCase.Invalid(nameof(Subject), $"The subject is longer than {AnnouncementDraft.LongestLine} characters."),
        _ when Name.Length > AnnouncementDraft.LongestLine => RefusedUseCase.Invalid(nameof(Name), $"The name is longer than {AnnouncementDraft.LongestLine} characters."),
        _ when Text.Trim().Length == 0 => RefusedUseCase.Invalid(nameof(Text), "The text is missing."),
        _ when Text.Length > AnnouncementDraft.LongestText => RefusedUseCase.Invalid(nameof(Text), $"The text is longer than {AnnouncementDraft.LongestText} characters."),
        _ when Html.Length > AnnouncementDraft.LongestText => RefusedUseCase.Invalid(nameof(Html), $"The HTML is longer than {AnnouncementDraft.LongestText} characters."),
        _ => null,
    };
}

/// <summary>What whoever asks writes to a list just now.</summary>
/// <param name="List">The posting address.</param>
public sealed record ShowDraft(string List) : Query<AnnouncementDraft>
{
    /// <inheritdoc/>
    protected override Outcome<AnnouncementDraft> Look(AdminContext context) =>
        context.Store.FindList(List) is null ? MissingList.Refuse(List) : OpenDraft.Find(context, List) is { } draft ? draft : OpenDraft.Missing(List);
}

/// <summary>Throws a draft away.</summary>
/// <param name="List">The posting address.</param>
public sealed record DropDraft(string List) : UseCase<AnnouncementDraft>
{
    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementDraft>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (OpenDraft.Find(context, List) is not { } draft)
        {
            return OpenDraft.Missing(List);
        }

        await context.CommitAsync(new AnnouncementDraftRemoved(draft.List, draft.By), cancellationToken);
        return draft;
    }
}

/// <summary>Sends a draft to the list by a plan; then it is no draft any more. Stopped before it began, it is one again.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Plan">When and how fast.</param>
/// <param name="Undo">It begins so much later.</param>
public sealed record SendDraft(string List, SendingPlan Plan, TimeSpan Undo = default) : UseCase<AnnouncementProgress>
{
    /// <summary>The draft's ID, as it was looked at: one that was changed since is not sent. Null for the draft as it is.</summary>
    public string? Draft { get; init; }

    /// <summary>The draft that was prepared, as a message, with what the host knows of it.</summary>
    private (string Draft, UseCase<AnnouncementProgress> Sending)? Prepared { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<AnnouncementProgress>> RunAsync(AdminContext context, CancellationToken cancellationToken) =>
        context.Store.FindList(List) is null ? MissingList.Refuse(List)
        : OpenDraft.Find(context, List) is not { } draft ? OpenDraft.Missing(List)
        : Prepared is not var (prepared, sending) || prepared != draft.Id || prepared != (Draft ?? prepared)
            ? RefusedUseCase.Conflict("The draft was changed since you looked at it. Nothing was sent: look at it again.")
        : await sending.RunAsync(context, cancellationToken);

    /// <inheritdoc/>
    internal override async Task<UseCase<AnnouncementProgress>> PrepareAsync(AdminContext context, CancellationToken cancellationToken) =>
        OpenDraft.Find(context, List) is { } draft
            ? this with { Prepared = (draft.Id, await new SendAnnouncement(draft.List, draft.ToOctets(context.Time.GetUtcNow()), Plan, Undo).PrepareAsync(context, cancellationToken)) }
            : this;
}

/// <summary>Whoever asks finds their draft: one for each list.</summary>
internal static class OpenDraft
{
    public static AnnouncementDraft? Find(AdminContext context, string list) => context.Store.FindAnnouncementDraft(list, context.Actor) is { SentAs: null } draft ? draft : null;

    public static RefusedUseCase Missing(string list) => RefusedUseCase.NotFound($"You have no draft for {list}: it was sent or thrown away, or there was none.");

    /// <summary>An announcement that was taken back before anything of it left is its author's draft again, under another name.</summary>
    public static ImmutableArray<Change> Again(Announcement announcement, AdminContext context) =>
        announcement.StartedAt is null && context.Store.FindAnnouncementDraft(announcement.List, announcement.By) is { } draft && draft.SentAs == announcement.PostId
            ? [new AnnouncementDraftSaved(draft with { Id = OrderedId.New(context.Time), SentAs = null })]
            : [];
}
