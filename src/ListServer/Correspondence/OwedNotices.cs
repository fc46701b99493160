using ListServer.Distribution;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Correspondence;

/// <summary>
/// Writes the mails that changes brought about, whoever made them: each is settled in the commit that puts it into the queue, so a crash
/// neither loses one nor sends it twice. What can't be written yet, for want of a key or of disk, stays owed.
/// </summary>
internal sealed partial class OwedNotices(
    ListStore store, Owners owners, SigningKeys keys, OutgoingMail outgoing, Choices joins, TimeProvider time, ILogger<OwedNotices> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => NewsLoop.RunAsync(
        store, time, changes => changes.Any(change => change is NoticeOwed or DomainSaved or KeySaved), WriteAllAsync, cancellationToken);

    private async Task<TimeSpan> WriteAllAsync(CancellationToken cancellationToken)
    {
        foreach (var owed in store.OwedNotices())
        {
            await TryAsync(owed, cancellationToken);
        }

        return Pause;
    }

    private async Task TryAsync(OwedNotice owed, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(owed, cancellationToken);
        }
        catch (IOException problem)
        {
            LogWaits(log, owed.Kind, owed.List, problem.Message);
        }
    }

    private async Task WriteAsync(OwedNotice owed, CancellationToken cancellationToken)
    {
        if (store.FindList(owed.List) is not { } list || (owed.To.Length > 0 ? [owed.To] : owners.ReadersOf(list)) is not { Count: > 0 } readers)
        {
            await store.CommitAsync(new NoticeSettled(owed.Id), cancellationToken);
            return;
        }

        if (keys.Find(list.Domain, out var missing) is not { } identity)
        {
            LogWaits(log, owed.Kind, owed.List, missing);
            return;
        }

        if (owed.Kind is NoticeKind.JoinRequested)
        {
            await AskAboutJoinAsync(owed, list, readers, identity, cancellationToken);
            return;
        }

        var token = owed.Question is null ? "" : ConfirmationToken.New();
        var facts = new NoticeFacts(list, owed.To.Length > 0 ? owed.To : list.RoleAddress("owner")) { Token = token, About = owed.About, Reason = owed.Reason };
        await outgoing.SendUnaskedAsync(owed.Kind, facts, "", readers, identity, _ => [new NoticeSettled(owed.Id), .. Questions(owed, facts)], cancellationToken);
    }

    // Each reader has tokens of their own. The last mail settles it: a crash before it asks the first readers again, and nobody never.
    private async Task AskAboutJoinAsync(OwedNotice owed, MailingList list, IReadOnlyList<string> readers, SigningIdentity identity, CancellationToken cancellationToken)
    {
        if (store.FindJoinRequest(list.Address, owed.About) is not { } request)
        {
            await store.CommitAsync(new NoticeSettled(owed.Id), cancellationToken);
            return;
        }

        foreach (var reader in readers)
        {
            var changes = new List<Change>();
            HeldChoice Choice(ConfirmationKind kind) => joins.Make(
                list, new Confirmation("", kind, list.Address, reader, default) { Join = new JoinAsked(request.Address, request.RequestedAt) }, changes);
            var join = new JoinFacts(request.RequestedAt, Choice(ConfirmationKind.AcceptJoin), Choice(ConfirmationKind.RefuseJoin), Choice(ConfirmationKind.BanJoin));
            if (reader == readers[^1])
            {
                changes.Add(new NoticeSettled(owed.Id));
            }

            var facts = new NoticeFacts(list, reader) { About = request.Address, Join = join, Token = join.Accept.Token };
            await outgoing.SendUnaskedAsync(owed.Kind, facts, "", [reader], identity, _ => [.. changes], cancellationToken);
        }
    }

    // Its time begins when it is sent: the server may have been down. The words, without the token, are evidence of what was agreed to (AUTH-83).
    private Change[] Questions(OwedNotice owed, NoticeFacts facts) => owed.Question is { } question
        ?
        [
            new ConfirmationSaved(question with
            {
                TokenHash = ConfirmationToken.Hash(facts.Token),
                ExpiresAt = time.GetUtcNow() + ConfirmationToken.Lifetime,
                Wording = outgoing.Wording(owed.Kind, facts),
            }),
        ]
        : [];

    [LoggerMessage(1, LogLevel.Warning, "A notice ({Kind}) of {List} waits: {Problem}")]
    private static partial void LogWaits(ILogger logger, NoticeKind kind, string list, string problem);
}
