using System.Threading.Channels;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Commands;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Notices;
using ListServer.MailAuth;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Correspondence;

/// <summary>Tells an author, if it certainly was the author, that their post is held, or that a moderator did not let it through.</summary>
internal sealed partial class AuthorNotices : IDisposable
{
    private readonly Channel<Post> _news = Channel.CreateUnbounded<Post>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ListStore _store;
    private readonly SigningKeys _keys;
    private readonly OutgoingMail _outgoing;
    private readonly AnswerLimits _answers;
    private readonly OperatorTrust _trust;
    private readonly ILogger<AuthorNotices> _log;

    public AuthorNotices(
        ListStore store, SigningKeys keys, OutgoingMail outgoing, AnswerLimits answers, OperatorTrust trust, ILogger<AuthorNotices> log)
    {
        (_store, _keys, _outgoing, _answers, _trust, _log) = (store, keys, outgoing, answers, trust, log);
        _store.Committed += Notice;
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var post in _news.Reader.ReadAllAsync(cancellationToken))
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
            if (change is PostSaved { Post: { State: PostState.Held } or { State: PostState.Rejected, RejectedBy: not null } } saved)
            {
                _news.Writer.TryWrite(saved.Post);
            }
        }
    }

    private async Task TellAsync(Post post, CancellationToken cancellationToken)
    {
        if (_store.FindList(post.List) is not { } list || !MayTell(post, list) || AuthorAddress.Of(post.Report) is not { } author
            || !_answers.TryTake(author, isAuthenticated: true))
        {
            return;
        }

        if (_keys.Find(list.Domain, out var missing) is not { } identity)
        {
            LogUntold(_log, post.Id, missing);
            return;
        }

        var kind = post.State is PostState.Held ? NoticeKind.PostHeld : NoticeKind.PostRejected;
        var facts = new NoticeFacts(list, author) { PostSubject = post.Subject, Reason = post.Reason, SpfOnlyDomain = SpfOnlyAuthor.DomainOf(post.Report) };
        await _outgoing.SendAsync(kind, facts, post.MessageId, identity, cancellationToken);
    }

    private bool MayTell(Post post, MailingList list)
    {
        if (CommandAuthority.Of(post.Report, post.Envelope, _trust) < Authority.Answerable)
        {
            return false;
        }

        if (post.State is not PostState.Held)
        {
            return AutoReply.ProblemWithAddresses(post.Envelope.ReversePath, post.Report.Author.Address!, IsOurs) is null;
        }

        // What a moderator decided on by now is told as decided.
        if (!list.TellHeldAuthors || _store.FindPost(post.Id) is not { State: PostState.Held })
        {
            return false;
        }

        using var content = _store.Spool.Open(post.Id);
        return AutoReply.Problem(post.Envelope, RawMessage.Parse(content.Octets), post.Report.Author.Address!, IsOurs) is null;
    }

    private bool IsOurs(string address) =>
        ListAddress.TryParse(address, name => _store.FindList(name), domain => _store.FindDomain(domain) is not null, out _);

    [LoggerMessage(1, LogLevel.Warning, "The author of the post {PostId} was not told: {Problem}")]
    private static partial void LogUntold(ILogger logger, string postId, string problem);
}
