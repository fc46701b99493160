using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Moderation;
using ListServer.Smtp;

namespace ListServer.Reception;

/// <summary>What becomes of a message for one of its recipients.</summary>
internal sealed class Judgement
{
    private readonly ImmutableArray<TraceEvent> _before;

    /// <summary>For a recipient that is no posting address: the reply is found later.</summary>
    public Judgement(ListAddress recipient)
    {
        Recipient = recipient;
        Reply = SmtpReply.Ok();
    }

    /// <summary>For a posting address.</summary>
    public Judgement(ListAddress recipient, Post post, ModerationDecision decision, ImmutableArray<TraceEvent> before)
    {
        (Recipient, Post, Decision, _before) = (recipient, post, decision, before);
        Reply = decision.Verdict switch
        {
            Verdict.Accept => SmtpReply.Ok($"Accepted as {post.Id}"),
            Verdict.Hold => SmtpReply.Ok($"Held for a moderator as {post.Id}"),
            Verdict.Discard => SmtpReply.Ok($"Taken as {post.Id}"),
            Verdict.Reject(var reason, var code, var enhanced) => new SmtpReply(code, enhanced, reason),
            _ => throw new InvalidOperationException("A verdict is one of four."),
        };
    }

    public ListAddress Recipient { get; }

    /// <summary>The post, or null for a recipient that is no posting address.</summary>
    public Post? Post { get; }

    /// <summary>What was decided about the post, and by which rules; null where there is none.</summary>
    public ModerationDecision? Decision { get; }

    public SmtpReply Reply { get; set; }

    public bool IsPositive => Reply.IsPositive;

    /// <summary>A post that the client may send again leaves no record; everything else does, refusals included.</summary>
    public bool IsRecorded => Post is not null && !Reply.IsTransient;

    public bool NeedsOctets => Decision?.Verdict is Verdict.Accept or Verdict.Hold;

    /// <summary>The post as it is recorded.</summary>
    public Post RecordedPost => Post! with
    {
        State = Decision!.Verdict switch
        {
            Verdict.Accept => PostState.Accepted,
            Verdict.Hold => PostState.Held,
            Verdict.Reject => PostState.Rejected,
            _ => PostState.Discarded,
        },
        Reason = Decision.Verdict.Reason,
    };

    /// <summary>All that happened up to the reply.</summary>
    public ImmutableArray<TraceEvent> Trace(DateTimeOffset now)
    {
        var rules = Decision!.Rules.Select(rule => rule.Verdict is null ? rule.Rule : $"{rule.Rule} ({rule.Verdict.GetType().Name.ToLowerInvariant()})");
        var outcome = RecordedPost.State.ToString().ToLowerInvariant();
        var detail = (Decision.Verdict.Reason.Length > 0 ? Decision.Verdict.Reason + ". " : "") + (Decision.Rules.IsEmpty ? "" : "Rules: " + string.Join(", ", rules));
        return _before.Add(new TraceEvent(now, TraceStage.Moderation, outcome, detail));
    }

    /// <summary>The same, but that a permanent refusal became a hold.</summary>
    public Judgement HeldInsteadOfRejected() => Decision is { Verdict: Verdict.Reject { Code: >= 500 } reject }
        ? new Judgement(Recipient, Post!, Decision with { Verdict = new Verdict.Hold(reject.Reason) }, _before)
        : this;
}
