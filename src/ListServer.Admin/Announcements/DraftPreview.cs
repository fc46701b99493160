using ListServer.Admin.Lists;
using ListServer.Admin.Posts;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Lists.Archiving;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Admin.Announcements;

/// <summary>A draft as a member would get it.</summary>
/// <param name="Draft">The draft.</param>
/// <param name="Trial">What would happen to it.</param>
/// <param name="Seen">The copy as mail programs show it; null when none would leave.</param>
/// <param name="Problem">What keeps it from being sent, in words; null for nothing.</param>
public sealed record DraftPreview(AnnouncementDraft Draft, PostTrial Trial, SeenCopy? Seen, string? Problem);

/// <summary>A copy as mail programs show it.</summary>
/// <param name="From">Name and address.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The plain text.</param>
/// <param name="Html">The HTML, which nobody cleaned; empty when there is none.</param>
public sealed record SeenCopy(string From, string Subject, string Text, string Html)
{
    internal static SeenCopy? Of(PostTrial trial)
    {
        if (trial.Copy?.Octets is not { } octets)
        {
            return null;
        }

        var message = RawMessage.Parse(octets);
        var (card, view) = (ArchiveCard.Read(message), MessageView.Read(message));
        return new SeenCopy($"{card.AuthorName} <{card.AuthorAddress}>", card.Subject, view.Text, view.Html);
    }
}

/// <summary>Shows a draft as it would leave, made by the very steps that make copies.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Reader">Whose copy, where each member has their own; null for the first member's.</param>
public sealed record PreviewDraft(string List, string? Reader = null) : UseCase<DraftPreview>
{
    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<DraftPreview>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (OpenDraft.Find(context, List) is not { } draft)
        {
            return OpenDraft.Missing(List);
        }

        var octets = draft.ToOctets(context.Time.GetUtcNow());
        return await TrialOf(list, octets, Reader).RunAsync(context, cancellationToken) switch
        {
            Outcome<PostTrial>.Done(var trial) => new DraftPreview(draft, trial, SeenCopy.Of(trial), ProblemOf(list, octets, trial, context)),
            Outcome<PostTrial>.Refused refused => new Outcome<DraftPreview>.Refused(refused.Kind, refused.Message),
            _ => throw new InvalidOperationException("An outcome is done or refused."),
        };
    }

    internal static TryPost TrialOf(MailingList list, byte[] octets, string? reader) =>
        new(list.Address, octets, new TrialOrigin(null, "", null)) { IsAnnouncement = true, Reader = reader, WithOctets = true };

    private static string? ProblemOf(MailingList list, byte[] octets, PostTrial trial, AdminContext context) =>
        new SendAnnouncement(list.Address, octets, new SendingPlan()).Problem(list, context.Time.GetUtcNow(), context)
            ?? AnnouncementCheck.Problem(list, RawMessage.Parse(octets))
            ?? (trial.Decision.Reason.Length > 0 ? trial.Decision.Reason : null)
            ?? trial.Stays
            ?? (trial.Recipients == 0 ? "Nobody on the list receives mail." : null);
}

/// <summary>What became of a test.</summary>
/// <param name="To">Who gets it.</param>
/// <param name="Size">Its octets.</param>
public sealed record SentTest(string To, long Size);

/// <summary>Sends a draft to one address, exactly as a member would get it: signed, sealed, with the list's header and footer. It counts as no post.</summary>
/// <param name="List">The posting address.</param>
/// <param name="To">Who gets it.</param>
public sealed record TestDraft(string List, string To) : UseCase<SentTest>
{
    /// <summary>What would happen to it; null where the draft or the list was missing.</summary>
    private Outcome<PostTrial>? Found { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<SentTest>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (!MemberAddress.TryParse(To, out var to, out var error))
        {
            return RefusedUseCase.Invalid(nameof(To), error!);
        }

        return Found switch
        {
            Outcome<PostTrial>.Done({ Copy: { Octets: { } octets } copy }) => await SendAsync(list, to!, copy.ReversePath, octets, context, cancellationToken),
            Outcome<PostTrial>.Done(var trial) => RefusedUseCase.Conflict($"No copy would leave: {trial.Stays ?? trial.Decision.Reason}"),
            Outcome<PostTrial>.Refused refused => new Outcome<SentTest>.Refused(refused.Kind, refused.Message),
            _ => OpenDraft.Missing(List),
        };
    }

    // A test has a name of its own: a mailbox that keeps one mail of a name would not show the announcement after it.
    internal override async Task<UseCase<SentTest>> PrepareAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list || OpenDraft.Find(context, List) is not { } draft || !MemberAddress.TryParse(To, out var to, out _))
        {
            return this;
        }

        var octets = (draft with { Id = OrderedId.New(context.Time) }).ToOctets(context.Time.GetUtcNow());
        return this with { Found = await PreviewDraft.TrialOf(list, octets, to).RunAsync(context, cancellationToken) };
    }

    private static async Task<Outcome<SentTest>> SendAsync(
        MailingList list, string to, string reversePath, byte[] octets, AdminContext context, CancellationToken cancellationToken)
    {
        var (id, now) = (OrderedId.New(context.Time), context.Time.GetUtcNow());
        var group = new QueueGroup(
            OrderedId.New(context.Time), id, list.Address, MemberAddress.DomainOf(to), id, reversePath, [new QueueRecipient(to)], now, now + context.CopyLifetime);
        await context.Store.Spool.StoreAsync(id, octets, cancellationToken);
        var isQueued = false;
        try
        {
            await context.CommitAsync(new MailQueued([group]), cancellationToken);
            isQueued = true;
        }
        finally
        {
            if (!isQueued)
            {
                context.Store.Spool.Remove(id);
            }
        }

        return new SentTest(to, octets.Length);
    }
}
