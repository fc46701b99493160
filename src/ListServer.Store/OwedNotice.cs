using ListServer.Lists.Notices;

namespace ListServer.Store;

/// <summary>
/// A mail that a change brought about and that is still to be written: committed with the change, so that no crash loses it, and settled with
/// the commit that puts the mail into the queue, so that none sends it twice.
/// </summary>
/// <param name="Id">26 characters, in the order in which they came about.</param>
/// <param name="Kind">Which notice.</param>
/// <param name="List">The list that speaks: its posting address.</param>
/// <param name="To">Whom it speaks to; empty for those who run the list.</param>
/// <param name="About">The address that it is about; empty where that is the reader's own.</param>
/// <param name="Reason">A person's words; may be empty.</param>
/// <param name="Question">What an answer will do, or null. Its token is made when the mail is written, so the hash is still empty.</param>
public sealed record OwedNotice(string Id, NoticeKind Kind, string List, string To, string About = "", string Reason = "", Confirmation? Question = null);
