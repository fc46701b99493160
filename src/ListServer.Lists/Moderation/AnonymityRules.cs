using System.Collections.Immutable;
using ListServer.Lists.Cooking;

namespace ListServer.Lists.Moderation;

/// <summary>What would name an author on a list that hides its authors.</summary>
internal static class AnonymityRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("anonymous-signed", c => c.List.IsAnonymous && BodyEntity.Of(c.Message.Fields).MediaType is "multipart/signed" or "application/pkcs7-mime" or "application/x-pkcs7-mime"
            ? new Verdict.Hold("The post is signed, and its signature names the author")
            : null),
    ];
}
