using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Correspondence;

/// <summary>Makes what those who run a list decide by: tokens of their own, which are kept as hashes only (SEC-28).</summary>
/// <param name="baseUrl">Where the pages are; empty for none.</param>
/// <param name="path">The pages of these decisions: "h" for posts, "j" for people.</param>
/// <param name="time">Tells how long they last.</param>
internal sealed class Choices(string baseUrl, string path, TimeProvider time)
{
    private readonly string _pages = baseUrl.Length > 0 ? new Uri($"{baseUrl.TrimEnd('/')}/{path}/").AbsoluteUri : "";

    /// <summary>One choice of one reader.</summary>
    /// <param name="list">The list.</param>
    /// <param name="question">What it does, and whose it is; the token is made here.</param>
    /// <param name="changes">Takes what has to be committed with the mail.</param>
    public HeldChoice Make(MailingList list, Confirmation question, List<Change> changes)
    {
        var token = ConfirmationToken.New();
        changes.Add(new ConfirmationSaved(question with { TokenHash = ConfirmationToken.Hash(token), ExpiresAt = time.GetUtcNow() + HeldFacts.ChoiceLifetime }));
        return new HeldChoice(token, _pages.Length > 0 ? _pages + token : "", ConfirmationToken.AnswerAddress(list, token) ?? "");
    }
}
