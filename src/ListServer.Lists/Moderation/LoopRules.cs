using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Moderation;

/// <summary>What this list has sent already never goes out again, and is never answered (AUTH-55, SEC-19).</summary>
internal static class LoopRules
{
    private const int MaxReceived = 50;

    public static readonly ImmutableArray<Rule> All =
    [
        new("loop-list-id", c => Says(c, "List-Id", $"<{c.List.ListId}>")),
        new("loop-list-post", c => Says(c, "List-Post", $"<mailto:{c.List.Address}>")),
        new("loop-token", c => Says(c, "X-Loop", c.List.Address)),
        new("loop-hops", TooManyHops),
    ];

    private static Verdict.Discard? Says(Candidate candidate, string name, string mark) =>
        candidate.Message.Fields.Any(f => f.Is(name) && Bare(f).Contains(mark, StringComparison.OrdinalIgnoreCase))
            ? new Verdict.Discard($"Message has already been posted to this list ({name})")
            : null;

    private static Verdict.Hold? TooManyHops(Candidate candidate) =>
        candidate.Message.Fields.Count(f => f.Is("Received")) > MaxReceived
            ? new Verdict.Hold($"Message has more than {MaxReceived} Received fields: it may be in a loop")
            : null;

    // White space, folds included, may stand anywhere in these fields (RFC 2369 §2).
    private static string Bare(HeaderField field) =>
        string.Concat(Encoding.Latin1.GetString(field.RawValue.Span).Where(c => !char.IsWhiteSpace(c)));
}
