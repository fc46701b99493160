using ListServer.Correspondence;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.Reporting;
using ListServer.Smtp;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Files;
using Microsoft.Extensions.Logging;

namespace ListServer.Reception;

/// <summary>
/// Judges a message whose last octet has come: check, verification, moderation for each list, and the reply.
/// What is taken over is on disk, with its record, before the reply is positive (durable point one).
/// </summary>
internal sealed partial class Acceptance(
    ListStore store, Verification verification, CorrespondenceDesk correspondence, PostJudge judge, ReceivedLedger ledger, TimeProvider time, ILogger<Acceptance> log)
{
    /// <summary>One reply for SMTP, one for each recipient for LMTP.</summary>
    /// <exception cref="IOException">The disk is full or broken: nothing was taken over.</exception>
    public async Task<IReadOnlyList<SmtpReply>> JudgeAsync(SpoolWriter writer, Arrival arrival, CancellationToken cancellationToken)
    {
        var id = OrderedId.New(time);
        var isFile = !writer.IsSmall;
        if (isFile)
        {
            await writer.CommitAsync(id, cancellationToken);
        }

        var isKept = false;
        try
        {
            using var content = isFile ? store.Spool.Open(id) : writer.ReadSmall();
            if (PreCheck.Problem(content.Octets.Span) is { } problem)
            {
                return [.. arrival.Recipients.Select(_ => new SmtpReply(550, "5.6.0", problem))];
            }

            var message = RawMessage.Parse(content.Octets);
            var verified = await verification.VerifyAsync(message, arrival, cancellationToken);
            var judgements = Judge(message, verified, arrival, id);
            await AnswerCorrespondenceAsync(judgements, message, verified, cancellationToken);

            // With one reply for all, a transient one makes the client bring everything again: then nothing may be kept, lest it come twice.
            if (arrival.Role != ReceptionRole.Lmtp && judgements.Find(judgement => judgement.Reply.IsTransient) is { } transient)
            {
                return [transient.Reply];
            }

            isKept = await KeepAsync(judgements, content, id, cancellationToken);
            ledger.Add(arrival, verified, judgements);
            return arrival.Role == ReceptionRole.Lmtp ? [.. judgements.Select(judgement => judgement.Reply)] : [OneReply(judgements)];
        }
        finally
        {
            if (isFile && !isKept)
            {
                store.Spool.Remove(id);
            }
        }
    }

    private List<Judgement> Judge(RawMessage message, Verified verified, Arrival arrival, string id)
    {
        var judgements = new List<Judgement>();
        foreach (var recipient in arrival.Recipients)
        {
            if (recipient is not ListAddress.Post(var list))
            {
                judgements.Add(new Judgement(recipient));
                continue;
            }

            if (judgements.Find(other => other.Post?.List == list.Address) is { } same)
            {
                // The same list under another spelling: one post, and the same reply.
                judgements.Add(same);
                continue;
            }

            var ownId = judgements.Exists(other => other.Post?.Id == id) ? OrderedId.New(time) : id;
            judgements.Add(judge.Judge(list, ownId, message, verified, arrival.Role == ReceptionRole.Submission));
        }

        // One transaction for two lists of which one refuses: taken, and that refusal becomes a hold.
        return arrival.Role != ReceptionRole.Lmtp && judgements.Exists(judgement => judgement.IsPositive)
            ? judgements.ConvertAll(judgement => judgement.HeldInsteadOfRejected())
            : judgements;
    }

    private async Task<bool> KeepAsync(List<Judgement> judgements, SpoolContent content, string id, CancellationToken cancellationToken)
    {
        var changes = new List<Change>();
        var isKept = false;
        foreach (var judgement in judgements.Where(judgement => judgement.IsRecorded).DistinctBy(judgement => judgement.Post!.Id))
        {
            var post = judgement.RecordedPost;
            if (judgement.NeedsOctets && content.Octets.Length <= Spool.SmallOctets)
            {
                changes.Add(new OctetsKept(post.Id, content.Octets));
            }
            else if (judgement.NeedsOctets && post.Id != id)
            {
                await store.Spool.StoreAsync(post.Id, content.Octets, cancellationToken);
            }

            isKept |= judgement.NeedsOctets && post.Id == id;
            changes.Add(new PostSaved(post));
            changes.Add(new TraceAdded(post.Id, judgement.Trace(time.GetUtcNow())));
            LogPost(log, post.Id, post.List, post.State, post.Reason);
        }

        if (changes.Count > 0)
        {
            await store.CommitAsync(changes, cancellationToken);
        }

        return isKept;
    }

    private async Task AnswerCorrespondenceAsync(List<Judgement> judgements, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        var replies = new Dictionary<ListAddress, SmtpReply>();
        foreach (var judgement in judgements.Where(judgement => judgement.Post is null))
        {
            if (!replies.TryGetValue(judgement.Recipient, out var reply))
            {
                replies[judgement.Recipient] = reply = await correspondence.HandleAsync(judgement.Recipient, message, verified, cancellationToken);
            }

            judgement.Reply = reply;
        }
    }

    // RFC 5321 §4.1.1.4: one reply for all.
    private static SmtpReply OneReply(List<Judgement> judgements) =>
        judgements.Select(judgement => judgement.Reply).OrderBy(reply => reply.IsPositive ? 0 : 1).First();

    [LoggerMessage(1, LogLevel.Information, "Post {PostId} for {List}: {State} {Reason}")]
    private static partial void LogPost(ILogger logger, string postId, string list, PostState state, string reason);
}
