using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>Makes the copy of a post: the list's changes, and what they mean for the author's From.</summary>
public static class Kitchen
{
    /// <summary>Prepares a post for distribution. Pure: the same post, the same octets. Nothing in a message makes it throw.</summary>
    /// <param name="list">The list.</param>
    /// <param name="post">The post, with its serial, its frozen report and, after moderation, who approved it.</param>
    /// <param name="raw">The octets as received; they have passed <see cref="PreCheck"/>.</param>
    /// <param name="options">What else is needed.</param>
    public static PreparedPost Prepare(MailingList list, Post post, RawMessage raw, PrepareOptions options) =>
        new Preparation(new Recipe(list, post, options), raw).Run();

    /// <summary>
    /// The post as the archive and digests have it (order of operations, step 7): what must not pass is out, the list's fields are in, and nothing
    /// else is changed: the author's own From, no prefix, no footer, nothing of a single member. Pure, like <see cref="Prepare"/>.
    /// </summary>
    /// <inheritdoc cref="Prepare"/>
    public static byte[] Keep(MailingList list, Post post, RawMessage raw, PrepareOptions options) =>
        new Preparation(new Recipe(list, post, options), raw).Keep();
}
