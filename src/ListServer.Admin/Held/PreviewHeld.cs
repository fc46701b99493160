using System.Collections.Immutable;
using System.Text;
using ListServer.Lists;
using ListServer.MailAuth;

namespace ListServer.Admin.Held;

/// <summary>A held post as a moderator reads it.</summary>
/// <param name="Post">The post.</param>
/// <param name="Lines">Its text, without markup; cut where it is long.</param>
/// <param name="Source">Its first 64 KiB as they came, octets that are not UTF-8 shown as U+FFFD.</param>
/// <param name="HasOneAuthor">True when its author can be trusted from now on.</param>
public sealed record HeldPreview(Post Post, ImmutableArray<string> Lines, string Source, bool HasOneAuthor);

/// <summary>Shows a held post of a list.</summary>
/// <param name="List">The posting address: a post of another list is not found.</param>
/// <param name="Id">The post's ID.</param>
public sealed record PreviewHeld(string List, string Id) : Query<HeldPreview>
{
    private const int LinesShown = 500;
    private const int OctetsShown = 65_536;

    /// <inheritdoc/>
    protected override Outcome<HeldPreview> Look(AdminContext context)
    {
        var post = context.Store.FindPost(Id) is { } found && found.List.Equals(List, StringComparison.OrdinalIgnoreCase) ? found : null;
        if (post is not { State: PostState.Held })
        {
            return HeldPost.Refuse(Id, post);
        }

        using var content = context.Store.Spool.Open(post.Id);
        return new HeldPreview(
            post,
            PostText.Beginning(RawMessage.Parse(content.Octets), LinesShown),
            Encoding.UTF8.GetString(content.Octets.Span[..Math.Min(content.Octets.Length, OctetsShown)]),
            AuthorAddress.Of(post.Report) is not null);
    }
}
