using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.Store;

namespace ListServer.Admin.Held;

/// <summary>What a link in a hold notice stands for.</summary>
/// <param name="Decision">What it decides.</param>
/// <param name="ListName">The list's display name.</param>
/// <param name="Moderator">To whom it was sent.</param>
/// <param name="Post">The post, as it stands now.</param>
/// <param name="Lines">The first lines of its text; empty once it is decided.</param>
public sealed record HeldLink(HeldDecision Decision, string ListName, string Moderator, Post Post, ImmutableArray<string> Lines)
{
    /// <summary>How many lines of a held post are shown.</summary>
    public const int LinesShown = 20;

    /// <summary>The decision and the question that a token stands for, or null: it is unknown, too old, or its owner no longer runs the list.</summary>
    internal static (HeldDecision Decision, Confirmation Question, MailingList List, Post Post)? Open(AdminContext context, string token)
    {
        if (context.Store.FindConfirmation(ConfirmationToken.Hash(token)) is not { PostId: { } id } question
            || DecisionOf(question.Kind) is not { } decision
            || context.Store.FindList(question.List) is not { } list
            || context.Store.FindPost(id) is not { } post)
        {
            return null;
        }

        return IsRunner(context, list, question.Address) ? (decision, question, list, post) : null;
    }

    /// <summary>True while an address runs a list, or is the postmaster, who runs those that nobody else does.</summary>
    internal static bool IsRunner(AdminContext context, MailingList list, string address) =>
        context.Store.FindMember(list.Address, address) is { Role: not MemberRole.Member }
        || string.Equals(address, context.Postmaster, StringComparison.OrdinalIgnoreCase);

    internal static RefusedUseCase Unknown => RefusedUseCase.NotFound(
        "This token is not known: it is too old, or was sent to somebody who no longer runs the list.");

    private static HeldDecision? DecisionOf(ConfirmationKind kind) => kind switch
    {
        ConfirmationKind.AcceptPost => HeldDecision.Accept,
        ConfirmationKind.RejectPost => HeldDecision.Reject,
        ConfirmationKind.DiscardPost => HeldDecision.Discard,
        _ => null,
    };
}

/// <summary>Shows what a link in a hold notice stands for; changes nothing (SEC-27).</summary>
/// <param name="Token">The token in the link.</param>
public sealed record ShowHeldLink(string Token) : Query<HeldLink>
{
    /// <inheritdoc/>
    protected override Outcome<HeldLink> Look(AdminContext context)
    {
        if (HeldLink.Open(context, Token) is not var (decision, question, list, post))
        {
            return HeldLink.Unknown;
        }

        return new HeldLink(decision, list.DisplayName, question.Address, post, Lines(context.Store, post));
    }

    private static ImmutableArray<string> Lines(ListStore store, Post post)
    {
        if (post.State is not PostState.Held)
        {
            return [];
        }

        using var content = store.Spool.Open(post.Id);
        return PostText.Beginning(RawMessage.Parse(content.Octets), HeldLink.LinesShown);
    }
}

/// <summary>
/// Decides about a held post with a token that was sent to somebody who runs the list, and to nobody else (AUTH-95): whoever brings it needs no other
/// authority. The first decision stands.
/// </summary>
/// <param name="Token">As it came back.</param>
/// <param name="Evidence">How it came back, in words, for the trace.</param>
/// <param name="Reason">For the author of a rejected post, and the record; may be empty.</param>
/// <param name="TrustAuthor">See <see cref="DecideHeld.TrustAuthor"/>.</param>
public sealed record DecideByToken(string Token, string Evidence, string Reason = "", bool TrustAuthor = false) : UseCase<HeldLink>
{
    /// <inheritdoc/>
    public override async Task<Outcome<HeldLink>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (HeldLink.Open(context, Token) is not var (decision, question, list, post))
        {
            return HeldLink.Unknown;
        }

        var decide = new DecideHeld(post.Id, decision, decision is HeldDecision.Reject ? Reason : "", TrustAuthor && decision is HeldDecision.Accept);
        var decided = await decide.RunAsync(context with { Actor = $"{question.Address} {Evidence}" }, cancellationToken);
        return decided switch
        {
            Outcome<Post>.Done(var done) => new HeldLink(decision, list.DisplayName, question.Address, done, []),
            Outcome<Post>.Refused(var kind, var message) => new RefusedUseCase(kind, message),
            _ => throw new InvalidOperationException("An outcome is one of two."),
        };
    }
}
