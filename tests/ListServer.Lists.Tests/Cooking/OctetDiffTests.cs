using System.Text;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Cooking;

/// <summary>How two messages differ, in the unified form.</summary>
public sealed class OctetDiffTests
{
    [Fact]
    public void Fields_and_lines_that_differ_are_shown_with_two_lines_around_them() =>
        Diff("A: 1\r\nB: 2\r\nC: 3\r\nSubject: x\r\nD: 4\r\n\r\none\r\ntwo\r\nthree\r\n", "New: 0\r\nA: 1\r\nB: 2\r\nC: 3\r\nSubject: [l] x\r\nD: 4\r\n\r\none\r\ntwo\r\nthree\r\nfooter\r\n").ShouldBe(
            "@@ -1,5 +1,6 @@\n+New: 0\n A: 1\n B: 2\n C: 3\n-Subject: x\n+Subject: [l] x\n D: 4\n"
            + "@@ -8,2 +9,3 @@\n two\n three\n+footer\n");

    [Fact]
    public void Far_apart_changes_stand_in_hunks_of_their_own() =>
        Diff("A: 1\r\n\r\na\r\n1\r\n2\r\n3\r\n4\r\n5\r\n6\r\nb\r\n", "A: 1\r\n\r\nA\r\n1\r\n2\r\n3\r\n4\r\n5\r\n6\r\nB\r\n").ShouldBe(
            "@@ -3,3 +3,3 @@\n-a\n+A\n 1\n 2\n@@ -8,3 +8,3 @@\n 5\n 6\n-b\n+B\n");

    [Fact]
    public void What_is_the_same_shows_nothing() => Diff("A: 1\r\n\r\nx\r\n", "A: 1\r\n\r\nx\r\n").ShouldBe("");

    [Fact]
    public void A_body_that_was_there_for_the_first_time_or_the_last_is_shown_whole()
    {
        Diff("A: 1\r\n", "A: 1\r\n\r\nx\r\n").ShouldBe("@@ -2,0 +3,1 @@\n+x\n");
        Diff("A: 1\r\n\r\nx\r\n", "A: 1\r\n").ShouldBe("@@ -3,1 +2,0 @@\n-x\n");
    }

    [Fact]
    public void Long_lines_and_long_runs_are_cut_and_large_bodies_cost_little()
    {
        var large = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i}\r\n"));
        var diff = Diff("A: 1\r\n\r\n" + large, "A: 1\r\n\r\n" + large.Replace('1', 'x'));
        diff.Split('\n').Length.ShouldBeLessThan(210);
        diff.ShouldEndWith(" further lines\n");
        Diff("A: 1\r\n\r\n", "A: 1\r\n\r\n" + new string('x', 500) + "\r\n").ShouldContain("+" + new string('x', 200) + "…\n");
    }

    private static string Diff(string before, string after) =>
        OctetDiff.Unified(RawMessage.Parse(Encoding.UTF8.GetBytes(before)), RawMessage.Parse(Encoding.UTF8.GetBytes(after)));
}
