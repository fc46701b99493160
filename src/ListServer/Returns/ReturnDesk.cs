using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.MailAuth;
using ListServer.Reception;
using ListServer.Smtp;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Returns;

/// <summary>
/// Notes what comes back about a post in the post's trace. A report that names no post or no member of the list, or that comes to an address
/// which we never gave out, changes nothing (SEC-20); nothing is ever answered.
/// </summary>
internal sealed class ReturnDesk(ListStore store, TimeProvider time)
{
    private const int MaxLines = 500;
    private static readonly SmtpReply Taken = SmtpReply.Ok("Taken");

    public async Task<SmtpReply> HandleAsync(
        MailingList list, string? token, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        // RFC 3464 §2: a report is sent with the null reverse-path.
        if (token is not null || verified.Envelope.ReversePath.Length > 0
            || ReturnReader.Read(message) is not { } report || FindPost(list, report.MessageId) is not { } post)
        {
            return Taken;
        }

        var told = store.Trace(post.Id).Where(line => line.Stage is TraceStage.Return).Select(line => (line.Outcome, line.Detail)).ToHashSet();
        ImmutableArray<TraceEvent> lines = [.. report.Recipients
            .Select(recipient => Line(list, recipient))
            .OfType<TraceEvent>()
            .Where(line => told.Count < MaxLines && told.Add((line.Outcome, line.Detail)))];
        if (!lines.IsEmpty)
        {
            await store.CommitAsync(new TraceAdded(post.Id, lines), cancellationToken);
        }

        return Taken;
    }

    private Post? FindPost(MailingList list, string messageId)
    {
        if (messageId.Length == 0)
        {
            return null;
        }

        // A post that came without a Message-ID left with one made of its identifier.
        var id = messageId[1..^1].Split('@')[0];
        return store.FindRecentPost(list.Address, messageId)
            ?? (OrderedId.IsValid(id) && store.FindPost(id) is { } post && post.List.Equals(list.Address, StringComparison.OrdinalIgnoreCase) ? post : null);
    }

    private TraceEvent? Line(MailingList list, ReturnedRecipient recipient)
    {
        var member = new[] { recipient.Original, recipient.Final }.OfType<string>().Select(address => store.FindMember(list.Address, address)).FirstOrDefault(m => m is not null);
        return member is null
            ? null
            : new TraceEvent(time.GetUtcNow(), TraceStage.Return, recipient.Action.ToString().ToLowerInvariant(), $"{member.Address}: {recipient.Status} {recipient.Diagnostic}".Trim());
    }
}
