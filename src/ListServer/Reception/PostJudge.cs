using ListServer.Lists;
using ListServer.Lists.Consents;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.Store;

namespace ListServer.Reception;

/// <summary>Decides what becomes of a message for one list: of one that came in, and of one that is only tried.</summary>
internal sealed class PostJudge(ListStore store, OperatorTrust trust, TimeProvider time)
{
    // A list with more posts a day than this has other worries than one author.
    private const int PostsRead = 2_000;

    /// <summary>Judges; nothing is written.</summary>
    /// <param name="list">The list it was sent to.</param>
    /// <param name="id">The post's ID.</param>
    /// <param name="message">The octets.</param>
    /// <param name="verified">What was found out about them.</param>
    /// <param name="isSubmission">True when an account has to stand behind it.</param>
    public Judgement Judge(MailingList list, string id, RawMessage message, Verified verified, bool isSubmission)
    {
        var post = verified.ToPost(list.Address, id, message, time.GetUtcNow());
        return new Judgement(new ListAddress.Post(list), post, Decide(post, list, message, verified, isSubmission), verified.Trace);
    }

    private ModerationDecision Decide(Post post, MailingList list, RawMessage message, Verified verified, bool isSubmission)
    {
        if (isSubmission && verified.Envelope.Account is null)
        {
            return new ModerationDecision(new Verdict.Reject("The From address is not one of this account's addresses"), []);
        }

        var author = AuthorAddress.Of(verified.Report);
        if (post.MessageId.Length > 0 && store.FindRecentPost(list.Address, post.MessageId) is { State: PostState.Accepted or PostState.Distributed } earlier
            && AuthorAddress.Of(earlier.Report) is { } earlierAuthor && string.Equals(earlierAuthor, author, StringComparison.OrdinalIgnoreCase))
        {
            // A held post is no earlier one: whoever forged it must not keep the author's own from coming through.
            return new ModerationDecision(new Verdict.Discard("Message has already been posted to this list (Message-ID)"), []);
        }

        return Moderator.Decide(new Candidate
        {
            List = list,
            Envelope = verified.Envelope,
            Report = verified.Report,
            Message = message,
            Author = author is null ? null : store.FindMember(list.Address, author),
            AuthorRule = author is null ? null : store.FindAuthorRule(list.Address, author),
            PostsOfAuthor = most => author is null ? 0 : CountLately(list, author, most),
            Ban = author is null ? null : store.FindBan(list.Address, author),
            MayFilter = MayFilter(list),
            Trust = trust,
        });
    }

    // Asked anew for each post: a withdrawn consent allows nothing from the next one on (AUTH-84).
    private bool MayFilter(MailingList list) => list.RejectForgedStrict
        && (store.HasDmarcConsent(list.Address, ConsentPurpose.Filtering) || store.HasDmarcConsent(list.Domain, ConsentPurpose.Filtering));

    private int CountLately(MailingList list, string author, int most)
    {
        var since = time.GetUtcNow().AddDays(-1);
        return store.LatestPosts(list.Address)
            .Take(PostsRead)
            .TakeWhile(post => post.ReceivedAt > since)
            .Where(post => post.State is not (PostState.Rejected or PostState.Discarded) && string.Equals(AuthorAddress.Of(post.Report), author, StringComparison.OrdinalIgnoreCase))
            .Take(most)
            .Count();
    }
}
