using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth;

namespace ListServer.Admin.Lists;

/// <summary>A setting that breaks signatures.</summary>
/// <param name="Setting">As the command line names it, or "list fields".</param>
/// <param name="Posts">On how many posts.</param>
/// <param name="Domains">Whose, the most frequent first.</param>
public sealed record BrokenSignatures(string Setting, int Posts, ImmutableArray<string> Domains);

/// <summary>What a list's settings do to the signatures of its authors.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Posts">How many of the latest posts were looked at.</param>
/// <param name="Signed">How many of them bear a signature that authenticates the author.</param>
/// <param name="Whole">On how many of those it survives all settings.</param>
/// <param name="Broken">What breaks the others, the worst first.</param>
public sealed record SignatureReport(string List, int Posts, int Signed, int Whole, ImmutableArray<BrokenSignatures> Broken);

/// <summary>Cooks a list's latest posts again, with one setting at a time, and verifies their authors' signatures.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Limit">How many posts, 1 to 200.</param>
public sealed record ReportSignatures(string List, int Limit = 50) : Query<SignatureReport>
{
    /// <inheritdoc/>
    protected override Outcome<SignatureReport> Look(AdminContext context)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (Limit is < 1 or > 200)
        {
            return RefusedUseCase.Invalid("A report looks at 1 to 200 posts.");
        }

        var posts = context.Store.Posts(list.Address, null, null, Limit).Select(post => (Post: post, Octets: Find(context, list, post))).Where(pair => pair.Octets is not null).ToList();
        var probed = posts
            .Select(pair => (pair.Post, Broken: SignatureProbe.BrokenBy(list, pair.Post, RawMessage.Parse(pair.Octets!), Options(context, pair.Post))))
            .Where(pair => pair.Broken is not null)
            .ToList();
        var broken = probed
            .SelectMany(pair => pair.Broken!.Value.Select(setting => (Setting: setting, Domain: pair.Post.Report.Author.Domain!)))
            .GroupBy(pair => pair.Setting)
            .Select(group => new BrokenSignatures(group.Key, group.Count(), [.. group.CountBy(pair => pair.Domain).OrderByDescending(domain => domain.Value).Select(domain => domain.Key).Take(20)]))
            .OrderByDescending(setting => setting.Posts);
        return new SignatureReport(list.Address, posts.Count, probed.Count, probed.Count(pair => pair.Broken!.Value.IsEmpty), [.. broken]);
    }

    // As it came, or as the archive has it: there only the list's own fields are more.
    private static byte[]? Find(AdminContext context, MailingList list, Post post)
    {
        if (context.Store.Spool.Contains(post.Id))
        {
            using var content = context.Store.Spool.Open(post.Id);
            return content.Octets.ToArray();
        }

        return list.Archive is not ArchiveAccess.Off && context.Store.Archives.Of(list.Address) is var archive && archive.FindId(post.Id) is { } entry ? archive.Read(entry) : null;
    }

    private static PrepareOptions Options(AdminContext context, Post post) => new()
    {
        AuthservId = context.HostName,
        TraceFields = default,
        Now = post.ReceivedAt,
        WebAddress = context.WebAddress(),
        Trust = context.Trust,
    };
}
