using System.Text.RegularExpressions;
using ListServer.Admin.Publishing;
using ListServer.Admin.Reports;
using ListServer.Lists.Reports;
using ListServer.Web.Visits;

namespace ListServer.Web.Tests;

/// <summary>Pages speak Japanese wherever they speak English, and name no mail server's jargon (ui.md).</summary>
public sealed partial class WordsTests
{
    private static string Pages { get; } = Path.Combine(Root(AppContext.BaseDirectory), "src", "ListServer.Web");

    private static List<string> Texts { get; } =
    [
        .. Directory.EnumerateFiles(Pages, "*.*", SearchOption.AllDirectories)
            .Where(file => (file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal)) && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(file => Said().Matches(File.ReadAllText(file)))
            .Select(match => Regex.Unescape(match.Groups[1].Value)).Distinct(),
    ];

    [Fact]
    public void Every_text_has_its_translation_with_the_same_values()
    {
        Texts.Count.ShouldBeGreaterThan(20);
        Texts.Where(text => Words.Japanese.Say(text) == text && text.Any(char.IsAsciiLetter)).ShouldBeEmpty();
        Texts.Where(text => !Values(text).SequenceEqual(Values(Words.Japanese.Say(text)))).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_wrong_with_DNS_is_said_in_Japanese_too()
    {
        var texts = Enum.GetValues<DnsFaultKind>().Select(DnsFaultWords.Of).SelectMany(words => new[] { words.Cause, words.Cure }).Distinct().ToList();
        texts.Where(text => Words.Japanese.Say(text) == text).ShouldBeEmpty();
        texts.Where(text => Values(Words.Japanese.Say(text)).Except(Values(text)).Any()).ShouldBeEmpty();
    }

    [Fact]
    public void What_reports_say_and_what_is_advised_is_said_in_Japanese_too()
    {
        List<string> texts =
        [
            .. Enum.GetValues<SourceVerdict>().Select(ReportWords.Of), .. Enum.GetValues<SourceCause>().Select(ReportWords.Of), .. Enum.GetValues<DmarcMove>().Select(ReportWords.Of),
            ReportWords.Of(DmarcStage.Nothing), ReportWords.Reject, ReportWords.Sentence, ReportWords.Forged, ReportWords.Nothing,
        ];
        texts.Where(text => Words.Japanese.Say(text) == text).ShouldBeEmpty();
        texts.Where(text => !Values(text).SequenceEqual(Values(Words.Japanese.Say(text)))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("munge")]
    [InlineData("regexp")]
    [InlineData("VERP")]
    [InlineData("envelope sender")]
    public void No_text_uses_words_of_mail_servers(string word) =>
        Texts.Where(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();

    private static IEnumerable<string> Values(string text) => Value().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static string Root(string folder) => File.Exists(Path.Combine(folder, "ListServer.sln")) ? folder : Root(Path.GetDirectoryName(folder)!);

    [GeneratedRegex("(?:\\bT|\\bSay|\\bLater)\\(\\s*\"((?:[^\"\\\\]|\\\\.)+)\"")]
    private static partial Regex Said();

    [GeneratedRegex("\\{[0-9]")]
    private static partial Regex Value();
}
