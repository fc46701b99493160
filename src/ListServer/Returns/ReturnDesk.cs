using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.Smtp;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Returns;

/// <summary>
/// Notes what comes back about a post in the post's trace. What comes to a member's own reverse-path is about that member, wherever the report
/// says that the copy ended; at the list's own address the report must name a member. A report that names no post, or that comes to an
/// address which we never gave out or gave out too long ago, changes nothing (SEC-20); nothing is ever answered.
/// </summary>
internal sealed class ReturnDesk(ListStore store, ComplaintDesk complaints, TimeProvider time)
{
    private const int MaxLines = 500;
    private static readonly SmtpReply Taken = SmtpReply.Ok("Taken");

    public async Task<SmtpReply> HandleAsync(
        MailingList list, string? token, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        if (FeedbackReader.Read(message) is { } complaint)
        {
            await complaints.HandleAsync(list, token, complaint, cancellationToken);
            return Taken;
        }

        // RFC 3464 §2: a report is sent with the null reverse-path.
        VerpToken named = default;
        if (verified.Envelope.ReversePath.Length > 0
            || (token is not null && !VerpToken.TryRead(store.Secret.Span, list.Address, token, time.GetUtcNow(), out named))
            || ReturnReader.Read(message) is not { } report)
        {
            return Taken;
        }

        ImmutableArray<(ReturnedRecipient Recipient, Member? Member)> told =
            [.. report.Recipients.Select(recipient => (recipient, token is null ? FindMember(list, recipient) : ReportedThings.FindMember(store, list, named, Named(recipient))))];
        var post = ReportedThings.FindPost(store, list, report.MessageId);
        Change[] changes = token is null ? [.. Lines(post, told)] : named.IsProbe ? [.. OfProbe(told, named)] : [.. Lines(post, told), .. Counted(told, post)];
        if (changes.Length > 0)
        {
            await store.CommitAsync(changes, cancellationToken);
        }

        return Taken;
    }

    private IEnumerable<TraceAdded> Lines(Post? post, ImmutableArray<(ReturnedRecipient Recipient, Member? Member)> returned)
    {
        if (post is null)
        {
            yield break;
        }

        var told = store.Trace(post.Id).Where(line => line.Stage is TraceStage.Return).Select(line => (line.Outcome, line.Detail)).ToHashSet();
        ImmutableArray<TraceEvent> lines = [.. returned
            .Select(one => Line(one.Recipient, one.Member))
            .OfType<TraceEvent>()
            .Where(line => told.Count < MaxLines && told.Add((line.Outcome, line.Detail)))];
        if (!lines.IsEmpty)
        {
            yield return new TraceAdded(post.Id, lines);
        }
    }

    /// <summary>Only what came to a reverse-path that we made counts, against a member or as an incident of the list's: anybody can write a report (SEC-20).</summary>
    private IEnumerable<Change> Counted(ImmutableArray<(ReturnedRecipient Recipient, Member? Member)> returned, Post? post)
    {
        var now = time.GetUtcNow();
        foreach (var (recipient, member) in returned)
        {
            var words = $"{recipient.Status} {recipient.Diagnostic}".Trim();
            if (member is null || recipient.IsPermanent is not true)
            {
                continue;
            }

            if (recipient.Class is RefusalClass.Policy)
            {
                var cause = IncidentCauses.Of(recipient.Status, recipient.Diagnostic);
                yield return new IncidentCounted(new Incident(member.List, MemberAddress.DomainOf(member.Address), cause, post?.Report.Author.Domain ?? "", now, now, 1, words));
            }
            else if (BounceScore.WeightOf(recipient.Class) > 0)
            {
                yield return new BounceCounted(member.List, member.Address, recipient.Class, now, words);
            }
        }
    }

    /// <summary>What came back is a probe: no copy, and nothing that counts but for the probe itself.</summary>
    private IEnumerable<ProbeEnded> OfProbe(ImmutableArray<(ReturnedRecipient Recipient, Member? Member)> returned, VerpToken named)
    {
        foreach (var (recipient, member) in returned)
        {
            if (member is not null && recipient.IsPermanent is true
                && store.FindSuspension(member.List, member.Address) is { ProbedAt: { } probed } suspension && named.IsOf(probed))
            {
                var result = BounceScore.WeightOf(recipient.Class) > 0 ? ProbeResult.Failed : ProbeResult.Undecided;
                yield return new ProbeEnded(member.List, member.Address, suspension.ProbeId, result, $"{recipient.Status} {recipient.Diagnostic}".Trim());
            }
        }
    }


    private TraceEvent? Line(ReturnedRecipient recipient, Member? member) => member is null
        ? null
        : new TraceEvent(time.GetUtcNow(), TraceStage.Return, recipient.Action.ToString().ToLowerInvariant(), $"{member.Address}: {recipient.Status} {recipient.Diagnostic}".Trim());

    private Member? FindMember(MailingList list, ReturnedRecipient recipient) =>
        Named(recipient).Select(address => store.FindMember(list.Address, address)).FirstOrDefault(m => m is not null);

    private static IEnumerable<string> Named(ReturnedRecipient recipient) => new[] { recipient.Original, recipient.Final }.OfType<string>();
}
