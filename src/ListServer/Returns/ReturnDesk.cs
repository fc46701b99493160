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
/// Notes what comes back about a post in the post's trace. What comes to a member's own reverse-path is about that member, wherever the report
/// says that the copy ended; at the list's own address the report must name a member. A report that names no post, or that comes to an
/// address which we never gave out or gave out too long ago, changes nothing (SEC-20); nothing is ever answered.
/// </summary>
internal sealed class ReturnDesk(ListStore store, TimeProvider time)
{
    private const int MaxLines = 500;
    private static readonly SmtpReply Taken = SmtpReply.Ok("Taken");

    public async Task<SmtpReply> HandleAsync(
        MailingList list, string? token, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        // RFC 3464 §2: a report is sent with the null reverse-path.
        VerpToken named = default;
        if (verified.Envelope.ReversePath.Length > 0
            || (token is not null && !VerpToken.TryRead(store.Secret.Span, list.Address, token, time.GetUtcNow(), out named))
            || ReturnReader.Read(message) is not { } report)
        {
            return Taken;
        }

        ImmutableArray<(ReturnedRecipient Recipient, Member? Member)> told =
            [.. report.Recipients.Select(recipient => (recipient, token is null ? FindMember(list, recipient) : FindMember(list, recipient, named)))];
        Change[] changes = [.. Lines(list, report, told), .. token is null ? [] : Counted(told)];
        if (changes.Length > 0)
        {
            await store.CommitAsync(changes, cancellationToken);
        }

        return Taken;
    }

    private IEnumerable<TraceAdded> Lines(MailingList list, ReturnReport report, ImmutableArray<(ReturnedRecipient Recipient, Member? Member)> returned)
    {
        if (FindPost(list, report.MessageId) is not { } post)
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

    /// <summary>Only what came to a reverse-path that we made counts against a member: anybody can write a report (SEC-20).</summary>
    private IEnumerable<BounceCounted> Counted(ImmutableArray<(ReturnedRecipient Recipient, Member? Member)> returned) => returned
        .Where(one => one is { Member: not null, Recipient.IsPermanent: true } && BounceScore.WeightOf(one.Recipient.Class) > 0)
        .Select(one => new BounceCounted(
            one.Member!.List, one.Member.Address, one.Recipient.Class, time.GetUtcNow(), $"{one.Recipient.Status} {one.Recipient.Diagnostic}".Trim()));

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

    private TraceEvent? Line(ReturnedRecipient recipient, Member? member) => member is null
        ? null
        : new TraceEvent(time.GetUtcNow(), TraceStage.Return, recipient.Action.ToString().ToLowerInvariant(), $"{member.Address}: {recipient.Status} {recipient.Diagnostic}".Trim());

    private Member? FindMember(MailingList list, ReturnedRecipient recipient) =>
        new[] { recipient.Original, recipient.Final }.OfType<string>().Select(address => store.FindMember(list.Address, address)).FirstOrDefault(m => m is not null);

    /// <summary>Most reports name the member; one from behind a forwarding address names somebody else, and all members are gone through.</summary>
    private Member? FindMember(MailingList list, ReturnedRecipient recipient, VerpToken named) =>
        FindMember(list, recipient) is { } member && named.Names(store.Secret.Span, list.Address, member.Address)
            ? member
            : store.Receivers(list.Address).Destinations.SelectMany(destination => destination.Addresses)
                .FirstOrDefault(address => named.Names(store.Secret.Span, list.Address, address)) is { } found
                ? store.FindMember(list.Address, found)
                : null;
}
