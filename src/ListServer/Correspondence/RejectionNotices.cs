using System.Threading.Channels;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Commands;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Notices;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Correspondence;

/// <summary>Tells an author, if it certainly was the author, that a moderator did not let their post through.</summary>
internal sealed partial class RejectionNotices : IDisposable
{
    private readonly Channel<Post> _rejected = Channel.CreateUnbounded<Post>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ListStore _store;
    private readonly SigningKeys _keys;
    private readonly OutgoingMail _outgoing;
    private readonly AnswerLimits _answers;
    private readonly OperatorTrust _trust;
    private readonly ILogger<RejectionNotices> _log;

    public RejectionNotices(
        ListStore store, SigningKeys keys, OutgoingMail outgoing, AnswerLimits answers, OperatorTrust trust, ILogger<RejectionNotices> log)
    {
        (_store, _keys, _outgoing, _answers, _trust, _log) = (store, keys, outgoing, answers, trust, log);
        _store.Committed += Notice;
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var post in _rejected.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await TellAsync(post, cancellationToken);
            }
            catch (IOException problem)
            {
                LogUntold(_log, post.Id, problem.Message);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Committed -= Notice;

    private void Notice(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change is PostSaved { Post: { State: PostState.Rejected, RejectedBy: not null } post })
            {
                _rejected.Writer.TryWrite(post);
            }
        }
    }

    private async Task TellAsync(Post post, CancellationToken cancellationToken)
    {
        if (_store.FindList(post.List) is not { } list
            || CommandAuthority.Of(post.Report, post.Envelope, _trust) < Authority.Answerable
            || AutoReply.ProblemWithAddresses(post.Envelope.ReversePath, post.Report.Author.Address!, IsOurs) is not null
            || !MemberAddress.TryParse(post.Report.Author.Address!, out var author, out _)
            || !_answers.TryTake(author!, isAuthenticated: true))
        {
            return;
        }

        if (_keys.Find(list.Domain, out var missing) is not { } identity)
        {
            LogUntold(_log, post.Id, missing);
            return;
        }

        var facts = new NoticeFacts(list, author!) { PostSubject = post.Subject, Reason = post.Reason };
        await _outgoing.SendAsync(NoticeKind.PostRejected, facts, post.MessageId, identity, cancellationToken);
    }

    private bool IsOurs(string address) =>
        ListAddress.TryParse(address, name => _store.FindList(name), domain => _store.FindDomain(domain) is not null, out _);

    [LoggerMessage(1, LogLevel.Warning, "The author of the rejected post {PostId} was not told: {Problem}")]
    private static partial void LogUntold(ILogger logger, string postId, string problem);
}
