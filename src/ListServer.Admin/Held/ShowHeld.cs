using System.Text;
using ListServer.Lists;

namespace ListServer.Admin.Held;

/// <summary>A held post with its beginning.</summary>
/// <param name="Post">The post.</param>
/// <param name="Text">Its first 64 KiB as they came, octets that are not UTF-8 shown as U+FFFD.</param>
public sealed record HeldPost(Post Post, string Text)
{
    /// <summary>The post while it is held, of one list or of any; otherwise why it can't be had.</summary>
    internal static Post? Find(AdminContext context, string? list, string id, out RefusedUseCase refusal)
    {
        var post = context.Store.FindPost(id) is { } found && (list is null || found.List.Equals(list, StringComparison.OrdinalIgnoreCase)) ? found : null;
        refusal = post is null
            ? RefusedUseCase.NotFound($"There is no held post {id}. 'listserver held list' names those that wait.")
            : RefusedUseCase.Conflict($"The post {id} does not wait any more: it is {post.State.ToString().ToLowerInvariant()}.");
        return post is { State: PostState.Held } ? post : null;
    }
}

/// <summary>Shows a held post.</summary>
/// <param name="Id">The post's ID.</param>
public sealed record ShowHeld(string Id) : Query<HeldPost>
{
    private const int OctetsShown = 65_536;

    /// <inheritdoc/>
    protected override Outcome<HeldPost> Look(AdminContext context)
    {
        if (HeldPost.Find(context, null, Id, out var refusal) is not { } post)
        {
            return refusal;
        }

        using var octets = context.Store.Spool.Open(post.Id);
        return new HeldPost(post, Encoding.UTF8.GetString(octets.Octets.Span[..Math.Min(octets.Octets.Length, OctetsShown)]));
    }
}
