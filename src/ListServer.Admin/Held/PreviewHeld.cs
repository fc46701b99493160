using System.Collections.Immutable;
using System.Text;
using ListServer.Admin.Archiving;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;

namespace ListServer.Admin.Held;

/// <summary>A held post as a moderator reads it.</summary>
/// <param name="Post">The post.</param>
/// <param name="Lines">Its text, without markup; cut where it is long.</param>
/// <param name="Source">Its first 64 KiB as they came, octets that are not UTF-8 shown as U+FFFD.</param>
/// <param name="HasOneAuthor">True when its author can be trusted from now on.</param>
/// <param name="Html">The HTML as it came, which is hostile; empty when there is none.</param>
/// <param name="Files">All that is not shown.</param>
public sealed record HeldPreview(Post Post, ImmutableArray<string> Lines, string Source, bool HasOneAuthor, string Html, ImmutableArray<AttachmentInfo> Files);

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
        if (HeldPost.Find(context, List, Id, out var refusal) is not { } post)
        {
            return refusal;
        }

        using var content = context.Store.Spool.Open(post.Id);
        var raw = RawMessage.Parse(content.Octets);
        var view = MessageView.Read(raw);
        return new HeldPreview(
            post,
            PostText.Beginning(raw, LinesShown),
            Encoding.UTF8.GetString(content.Octets.Span[..Math.Min(content.Octets.Length, OctetsShown)]),
            AuthorAddress.Of(post.Report) is not null,
            view.Html,
            view.Attachments);
    }
}

/// <summary>A file of a held post, for a moderator who wants to know what it is.</summary>
/// <param name="List">The posting address: a post of another list is not found.</param>
/// <param name="Id">The post's ID.</param>
/// <param name="Index">See <see cref="AttachmentInfo.Index"/>.</param>
public sealed record ShowHeldFile(string List, string Id, int Index) : Query<ArchivedFile>
{
    /// <inheritdoc/>
    protected override Outcome<ArchivedFile> Look(AdminContext context)
    {
        if (HeldPost.Find(context, List, Id, out var refusal) is not { } post)
        {
            return refusal;
        }

        using var content = context.Store.Spool.Open(post.Id);
        var raw = RawMessage.Parse(content.Octets);
        return MessageView.Read(raw).Attachments.FirstOrDefault(file => file.Index == Index) is { } file && MessageView.ReadAttachment(raw, Index) is { } octets
            ? new ArchivedFile(file.Name, file.MediaType, octets)
            : RefusedUseCase.NotFound($"The post has no file {Index + 1}.");
    }
}
