using System.Collections.Immutable;
using System.Text;
using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;

namespace ListServer.Admin.Posts;

/// <summary>A post as it came, rebuilt from one of its copies.</summary>
/// <param name="Post">The post's ID.</param>
/// <param name="List">The posting address.</param>
/// <param name="Original">Its octets.</param>
/// <param name="Signatures">The signatures that verified when it came, on these octets.</param>
public sealed record UndoneCopy(string Post, string List, byte[] Original, ImmutableArray<UndoneSignature> Signatures);

/// <summary>A signature on the rebuilt post.</summary>
/// <param name="Domain">Its d=.</param>
/// <param name="Selector">Its s=.</param>
/// <param name="Verifies">True when it verifies with the key of then, at the time of then.</param>
public sealed record UndoneSignature(string Domain, string Selector, bool Verifies);

/// <summary>Takes a list's changes back: finds the post of a delivered copy and rebuilds it from the recorded steps.</summary>
/// <param name="Copy">The copy as it arrived somewhere.</param>
public sealed record UndoCopy(byte[] Copy) : Query<UndoneCopy>
{
    /// <inheritdoc/>
    protected override Outcome<UndoneCopy> Look(AdminContext context)
    {
        var copy = RawMessage.Parse(Copy);
        if ((copy.Fields.IsEmpty ? "This is no message." : PreCheck.Problem(Copy)) is { } problem)
        {
            return RefusedUseCase.Invalid(problem);
        }

        var posts = PostsOf(copy, context).ToList();
        if (posts.Count == 0)
        {
            return RefusedUseCase.NotFound("No post of a list here has this copy's Message-ID, or it came too long ago.");
        }

        foreach (var post in posts)
        {
            if (context.Store.FindUndo(post.Id)?.Undo(copy) is { } original)
            {
                var again = DkimVerifier.VerifyAgain(RawMessage.Parse(original), post.Report.Dkim, post.ReceivedAt);
                return new UndoneCopy(post.Id, post.List, original, [.. post.Report.Dkim.Zip(again)
                    .Where(pair => pair.First.Verdict is DkimVerdict.Pass)
                    .Select(pair => new UndoneSignature(pair.First.Domain, pair.First.Selector, pair.Second.Verdict is DkimVerdict.Pass))]);
            }
        }

        return posts.Exists(post => context.Store.FindUndo(post.Id) is not null)
            ? RefusedUseCase.Conflict($"This copy of {posts[0].Id} is not as it left: it was changed on its way, or made for a host that takes ASCII only.")
            : RefusedUseCase.NotFound($"For {posts[0].Id} no steps are recorded: it was not distributed, or more was taken out of it than 64 KB, as large attachments are; the archive may have them.");
    }

    private static IEnumerable<Post> PostsOf(RawMessage copy, AdminContext context)
    {
        var id = PostContent.Read(copy).MessageId;

        // What came without a Message-ID, or is wrapped, bears one made of the post's own ID.
        var ownId = id.Trim('<', '>').Split('.', '@')[0];
        var listIds = copy.Fields.Where(field => field.Is("List-Id")).Select(field => Encoding.Latin1.GetString(field.RawValue.Span)).ToList();
        foreach (var list in context.Store.Lists.Where(list => listIds.Exists(text => text.Contains($"<{list.ListId}>", StringComparison.OrdinalIgnoreCase))))
        {
            if ((context.Store.FindRecentPost(list.Address, id) ?? context.Store.FindPost(ownId)) is { } post && post.List == list.Address)
            {
                yield return post;
            }
        }
    }
}
