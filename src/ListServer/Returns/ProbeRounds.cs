using ListServer.Correspondence;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Lists.Notices;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Returns;

/// <summary>
/// Looks after suspended members: sends probes, each with a reverse-path of its own, lets those receive again whose probe did not come back, and
/// ends the subscriptions of those out of reach, where the list wants it so.
/// </summary>
internal sealed partial class ProbeRounds(ListStore store, SigningKeys keys, OutgoingMail outgoing, TimeProvider time, ILogger<ProbeRounds> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await GoAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Looks at all suspended members once.</summary>
    public async Task GoAsync(CancellationToken cancellationToken)
    {
        foreach (var suspension in store.Suspensions(null).ToList())
        {
            try
            {
                if (store.FindList(suspension.List) is { } list && store.FindMember(suspension.List, suspension.Address) is { SuspendedAt: not null } member)
                {
                    await StepAsync(list, member, suspension, cancellationToken);
                }
            }
            catch (IOException problem)
            {
                LogNotDone(log, suspension.Address, suspension.List, problem.Message);
            }
        }
    }

    private Task StepAsync(MailingList list, Member member, Suspension suspension, CancellationToken cancellationToken)
    {
        // Who runs the list is not thrown out of it by a mailbox that is full.
        var step = suspension.StepAt(time.GetUtcNow(), list.RemoveUnreachable && member.Role is MemberRole.Member);
        return step switch
        {
            SuspensionStep.Probe => ProbeAsync(list, suspension, cancellationToken),
            SuspensionStep.Resume => store.CommitAsync(new MemberResumed(list.Address, member.Address), cancellationToken),
            SuspensionStep.Remove => store.CommitAsync(
                [
                    new MembersRemoved(list.Address, [member.Address], time.GetUtcNow(), "removed, as copies and probes came back"),
                    new MemberNewsAdded(new MemberNews(list.Address, member.Address, MemberEvent.Removed, time.GetUtcNow(), suspension.Words)),
                ],
                cancellationToken),
            _ => Task.CompletedTask,
        };
    }

    private async Task ProbeAsync(MailingList list, Suspension suspension, CancellationToken cancellationToken)
    {
        if (keys.Find(list.Domain, out var missing) is not { } identity)
        {
            LogNotDone(log, suspension.Address, list.Address, missing);
            return;
        }

        var now = time.GetUtcNow();
        await outgoing.SendUnaskedAsync(
            NoticeKind.Probe,
            new NoticeFacts(list, suspension.Address) { Suspension = suspension },
            VerpToken.ReversePath(store.Secret.Span, list.Address, suspension.Address, now, isProbe: true),
            [suspension.Address],
            identity,
            id => [new ProbeSent(list.Address, suspension.Address, id, now)],
            cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "The suspended member {Address} of {List} could not be looked after: {Problem}")]
    private static partial void LogNotDone(ILogger logger, string address, string list, string problem);
}
