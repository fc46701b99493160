using System.Collections.Immutable;
using ListServer.Correspondence;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Metrics;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Returns;

/// <summary>
/// Who tells their provider that our copies are abuse gets no more of them (AUTH-76, AUTH-78): the subscription ends, who runs the list keeps it
/// without posts, and both the member and the owners are told. A complaint is believed when it came to, or names as the copy's return
/// address, a reverse-path that we made for a member; any other changes nothing (SEC-20).
/// </summary>
internal sealed class ComplaintDesk(ListStore store, SigningKeys keys, OutgoingMail outgoing, AnswerLimits answers, Instruments instruments, TimeProvider time)
{
    // RFC 5965 §3.1: of the types, only abuse says that the recipient does not want such mail.
    private const string Abuse = "abuse";

    /// <summary>Does what a complaint to a list's bounce address asks for.</summary>
    /// <param name="list">The list.</param>
    /// <param name="token">The token of the address it came to; null for none.</param>
    /// <param name="report">The complaint.</param>
    /// <param name="cancellationToken">Heeded before anything is durable only.</param>
    public async Task HandleAsync(MailingList list, string? token, FeedbackReport report, CancellationToken cancellationToken)
    {
        if ((token ?? TokenOf(list, report.OriginalMailFrom)) is not { } text
            || !VerpToken.TryRead(store.Secret.Span, list.Address, text, time.GetUtcNow(), out var named)
            || ReportedThings.FindMember(store, list, named, report.OriginalRcptTo) is not { } member)
        {
            return;
        }

        var words = $"{report.FeedbackType}, told by {(report.UserAgent.Length > 0 ? report.UserAgent : "a provider")}";
        Change[] changes = [.. Trace(list, member, report, words), .. report.FeedbackType is Abuse ? Leave(member, words) : []];
        instruments.Complaint(report.FeedbackType is Abuse);
        if (report.FeedbackType is Abuse && keys.Find(list.Domain, out _) is { } identity && answers.TryTake(member.Address, isAuthenticated: false))
        {
            await outgoing.SendUnaskedAsync(
                NoticeKind.Complained, new NoticeFacts(list, member.Address), "", [member.Address], identity, _ => changes, cancellationToken);
        }
        else if (changes.Length > 0)
        {
            await store.CommitAsync(changes, cancellationToken);
        }
    }

    private IEnumerable<Change> Leave(Member member, string words)
    {
        yield return member.Role is MemberRole.Member
            ? new MembersRemoved(member.List, [member.Address])
            : new MembersSaved(member.List, [member with { IsReceiving = false }]);
        yield return new MemberNewsAdded(new MemberNews(member.List, member.Address, MemberEvent.Complained, time.GetUtcNow(), words));
    }

    private ImmutableArray<TraceAdded> Trace(MailingList list, Member member, FeedbackReport report, string words)
    {
        var line = new TraceEvent(time.GetUtcNow(), TraceStage.Return, "complaint", $"{member.Address}: {words}");
        return ReportedThings.FindPost(store, list, report.MessageId) is { } post
            && !store.Trace(post.Id).Any(told => (told.Stage, told.Outcome, told.Detail) == (line.Stage, line.Outcome, line.Detail))
            ? [new TraceAdded(post.Id, [line])]
            : [];
    }

    private string? TokenOf(MailingList list, string? address) =>
        address is not null
        && ListAddress.TryParse(address, name => store.FindList(name), domain => store.FindDomain(domain) is not null, out var found)
        && found is ListAddress.Bounces(var other, var token) && other.Address == list.Address
            ? token
            : null;
}
