using System.Collections.Immutable;
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
/// Tells the owners of a list what they should know of it: one mail an hour at the most, with all that happened since the last. Whom nobody
/// runs is told of to the postmaster. What was told stands in the store, so that a restart tells nothing twice. What has stopped is told at once.
/// </summary>
internal sealed partial class OwnerNews(
    ListStore store, Owners owners, SigningKeys keys, OutgoingMail outgoing, TimeProvider time, ILogger<OwnerNews> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // What begins at one provider may be seen at others within minutes.
    private static readonly TimeSpan Gathering = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await TellAllAsync(cancellationToken);
        }
    }

    /// <summary>Looks at all lists once.</summary>
    public async Task TellAllAsync(CancellationToken cancellationToken)
    {
        var incidents = store.OpenIncidents.All.Where(incident => incident.ToldAt is null).ToLookup(incident => incident.List);
        var members = store.MemberNews().ToLookup(news => news.List);
        foreach (var list in incidents.Concat<IGrouping<string, object>>(members).Select(news => news.Key).Distinct().Select(store.FindList).OfType<MailingList>())
        {
            try
            {
                await TellAsync(list, [.. incidents[list.Address].OrderBy(incident => incident.FirstAt)], [.. members[list.Address]], cancellationToken);
            }
            catch (IOException problem)
            {
                LogUntold(log, list.Address, problem.Message);
            }
        }
    }

    /// <summary>Tells that an announcement has stopped by itself.</summary>
    public async Task TellStoppedAsync(Post post, string reason, CancellationToken cancellationToken)
    {
        if (store.FindList(post.List) is not { } list || owners.ReadersOf(list) is not { Count: > 0 } readers)
        {
            return;
        }

        try
        {
            await SendAsync(NoticeKind.AnnouncementStopped, Facts(list) with { PostId = post.Id, PostSubject = post.Subject, Reason = reason }, readers, null, cancellationToken);
        }
        catch (IOException problem)
        {
            LogUntold(log, list.Address, problem.Message);
        }
    }

    private async Task TellAsync(MailingList list, ImmutableArray<Incident> incidents, ImmutableArray<MemberNews> members, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < incidents.Select(incident => incident.FirstAt).Concat(members.Select(news => news.At)).Min() + Gathering
            || now < store.OwnersToldAt(list.Address) + Pause
            || owners.ReadersOf(list) is not { Count: > 0 } readers)
        {
            return;
        }

        var told = new OwnersTold(list.Address, now, [.. incidents.Select(incident => incident.Id)], members);
        await SendAsync(NoticeKind.OwnerNews, Facts(list) with { Incidents = incidents, Members = members }, readers, told, cancellationToken);
    }

    private async Task SendAsync(NoticeKind kind, NoticeFacts facts, IReadOnlyList<string> readers, OwnersTold? told, CancellationToken cancellationToken)
    {
        if (keys.Find(facts.List.Domain, out var missing) is not { } identity)
        {
            LogUntold(log, facts.List.Address, missing);
            return;
        }

        await outgoing.SendUnaskedAsync(kind, facts, "", readers, identity, told is null ? null : _ => [told], cancellationToken);
    }

    private static NoticeFacts Facts(MailingList list) => new(list, list.RoleAddress("owner"));

    [LoggerMessage(1, LogLevel.Warning, "The owners of {List} were not told what happened to it: {Problem}")]
    private static partial void LogUntold(ILogger logger, string list, string problem);
}
