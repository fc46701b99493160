using System.Collections.Immutable;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Mitigation;

/// <summary>Which of a list's settings breaks the author's signature: found by cooking a post with one at a time and verifying (AUTH-71).</summary>
public static class SignatureProbe
{
    /// <summary>What breaks it though the list changes nothing: what must not pass is out, and the list's own fields are in.</summary>
    public const string ListFields = "list fields";

    /// <summary>The settings that break the signature by themselves, or <see cref="ListFields"/> alone; null for a post without a signature that authenticates its author.</summary>
    /// <param name="list">The list.</param>
    /// <param name="post">The post, with its report.</param>
    /// <param name="raw">Its octets.</param>
    /// <param name="options">What the kitchen needs.</param>
    public static ImmutableArray<string>? BrokenBy(MailingList list, Post post, RawMessage raw, PrepareOptions options)
    {
        ArgumentNullException.ThrowIfNull(list);
        var bare = new MailingList { LocalPart = list.LocalPart, Domain = list.Domain, DisplayName = list.DisplayName, Posting = list.Posting, Archive = list.Archive, Personalize = list.Personalize };
        bool Survives(MailingList variant) => new Preparation(new Recipe(variant, post, options), raw).Survives();
        var signatures = new AuthorSignatures(post.Report, options.Now);
        if (!post.Report.Author.IsValid || !signatures.Survives(signatures.Verify(raw)))
        {
            return null;
        }

        return Survives(bare)
            ? [.. Variants(bare, list).Where(v => v.List != bare && !Survives(v.List)).Select(v => v.Setting)]
            : [ListFields];
    }

    private static IEnumerable<(string Setting, MailingList List)> Variants(MailingList bare, MailingList list) =>
    [
        ("--prefix", bare with { SubjectPrefix = list.SubjectPrefix }),
        ("--header", bare with { Header = list.Header, HeaderHtml = list.HeaderHtml }),
        ("--footer", bare with { Footer = list.Footer, FooterHtml = list.FooterHtml }),
        ("--reply-to", bare with { ReplyTo = list.ReplyTo, ReplyAddress = list.ReplyAddress }),
        ("content filter", list.Filter.IsIdle ? bare : bare with { Filter = list.Filter }),
    ];
}
