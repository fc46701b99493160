using System.Collections.Immutable;
using ListServer.Admin.Held;
using ListServer.Configuration;
using ListServer.Distribution;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Notices;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Correspondence;

/// <summary>
/// Tells those who run a list of posts that wait for them, each with tokens of their own: of the first at once, of what is held soon after in one
/// mail. What was told stands in the store with the tokens' hashes, so that a restart tells nothing twice.
/// </summary>
internal sealed partial class HoldNotices
{
    /// <summary>So long after a notice, held posts are gathered.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private const int Named = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Dictionary<string, DateTimeOffset> _told = new(StringComparer.OrdinalIgnoreCase);
    private readonly ListStore _store;
    private readonly Owners _owners;
    private readonly SigningKeys _keys;
    private readonly OutgoingMail _outgoing;
    private readonly TimeProvider _time;
    private readonly Choices _choices;
    private readonly ILogger<HoldNotices> _log;

    public HoldNotices(
        ListStore store, Owners owners, SigningKeys keys, OutgoingMail outgoing, ServerOptions options, TimeProvider time, ILogger<HoldNotices> log)
    {
        (_store, _owners, _keys, _outgoing, _time, _log) = (store, owners, keys, outgoing, time, log);
        _choices = new Choices(options.Web.BaseUrl, "h", time);
    }

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => NewsLoop.RunAsync(
        _store,
        _time,
        changes => changes.Any(change => change is PostSaved { Post.State: PostState.Held }),
        async token =>
        {
            await TellAllAsync(token);
            return Interval;
        },
        cancellationToken);

    /// <summary>Looks at all lists once.</summary>
    public async Task TellAllAsync(CancellationToken cancellationToken)
    {
        foreach (var held in _store.HeldPosts().ToList().GroupBy(post => post.List))
        {
            try
            {
                if (_store.FindList(held.Key) is { } list && IsDue(list, [.. held]))
                {
                    await TellAsync(list, [.. held.Where(post => post.ToldAt is null)], cancellationToken);
                }
            }
            catch (IOException problem)
            {
                LogUntold(_log, held.Key, problem.Message);
            }
        }
    }

    private bool IsDue(MailingList list, ImmutableArray<OpenPost> held)
    {
        if (list.HoldNotices is HoldNoticeSetting.Never || !held.Any(post => post.ToldAt is null))
        {
            return false;
        }

        var last = held.Max(post => post.ToldAt) ?? DateTimeOffset.MinValue;
        last = _told.TryGetValue(list.Address, out var told) && told > last ? told : last;
        if (list.HoldNotices is HoldNoticeSetting.AtOnce)
        {
            return _time.GetUtcNow() >= last + Pause;
        }

        // A day after the last mail; without one, a day after the oldest came.
        var oldest = _store.FindPost(held[0].Id)?.ReceivedAt ?? DateTimeOffset.MinValue;
        return _time.GetUtcNow() >= (last > oldest ? last : oldest) + Day;
    }

    private async Task TellAsync(MailingList list, ImmutableArray<OpenPost> untold, CancellationToken cancellationToken)
    {
        if (_owners.ReadersOf(list) is not { Count: > 0 } readers)
        {
            return;
        }

        if (_keys.Find(list.Domain, out var missing) is not { } identity)
        {
            LogUntold(_log, list.Address, missing);
            return;
        }

        var now = _time.GetUtcNow();
        ImmutableArray<HeldFacts> named = [.. untold.Take(Named).Select(Facts).OfType<HeldFacts>()];
        foreach (var reader in named.IsEmpty ? [] : readers)
        {
            // The last mail says that all are told: a crash before it tells the first readers again, and nobody never.
            var told = reader == readers[^1] ? new HeldTold([.. untold.Select(post => post.Id)], now) : null;
            await SendAsync(list, reader, named, untold.Length - named.Length, told, identity, cancellationToken);
        }

        _told[list.Address] = now;
    }

    private Task SendAsync(
        MailingList list, string reader, ImmutableArray<HeldFacts> named, int more, HeldTold? told, SigningIdentity identity, CancellationToken cancellationToken)
    {
        var changes = new List<Change>();
        ImmutableArray<HeldFacts> own =
        [
            .. named.Select(post => post with
            {
                Accept = Choice(ConfirmationKind.AcceptPost, list, reader, post.Id, changes),
                Reject = Choice(ConfirmationKind.RejectPost, list, reader, post.Id, changes),
                Discard = Choice(ConfirmationKind.DiscardPost, list, reader, post.Id, changes),
            }),
        ];
        if (told is not null)
        {
            changes.Add(told);
        }

        var isOne = own.Length == 1 && more == 0;
        var facts = new NoticeFacts(list, reader) { Held = own, MoreHeld = more, Token = isOne ? own[0].Accept.Token : "" };
        return _outgoing.SendUnaskedAsync(isOne ? NoticeKind.HeldPost : NoticeKind.HeldPosts, facts, "", [reader], identity, _ => [.. changes], cancellationToken);
    }

    private HeldChoice Choice(ConfirmationKind kind, MailingList list, string reader, string postId, List<Change> changes) =>
        _choices.Make(list, new Confirmation("", kind, list.Address, reader, default, postId), changes);

    /// <summary>What is told of a post; null once somebody has decided about it.</summary>
    private HeldFacts? Facts(OpenPost open)
    {
        if (_store.FindPost(open.Id) is not { State: PostState.Held } post || !_store.Spool.Contains(post.Id))
        {
            return null;
        }

        using var content = _store.Spool.Open(post.Id);
        var lines = PostText.Beginning(RawMessage.Parse(content.Octets), HeldLink.LinesShown);
        return new HeldFacts(post.Id, post.Report.Author.Address ?? "", post.Subject, post.ReceivedAt, post.Reason, lines)
        {
            SpfOnlyDomain = SpfOnlyAuthor.DomainOf(post.Report),
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "Those who run {List} were not told of held posts: {Problem}")]
    private static partial void LogUntold(ILogger logger, string list, string problem);
}
