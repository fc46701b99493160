using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Cooking;

/// <summary>Prefix and footer over charsets and transfer encodings, octet by octet; Data/check_golden.py reads them with another program's codecs.</summary>
public sealed class CharsetTests
{
    private static readonly MailingList Ascii = Reports.List with { SubjectPrefix = "[News %05d]", Footer = "_______\nFrom here on = the list's own words\n.\nhttps://lists.example/news" };
    private static readonly MailingList Japanese = Reports.List with { SubjectPrefix = "[お知らせ:%d]", Footer = "_______\n配信停止はこちら: https://lists.example/news" };

    public static TheoryData<string> Posts() =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Data", "Charsets"), "*.eml").Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Posts))]
    public void Prefix_and_footer_are_written_in_the_author_s_charset_where_it_holds_them(string name)
    {
        var message = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Charsets", $"{name}.eml"));
        foreach (var (list, suffix) in new[] { (Ascii, "ascii"), (Japanese, "ja") })
        {
            var prepared = KitchenTests.Prepare(list, message);
            Golden.Check("Charsets", $"{name}.{suffix}.out", prepared.ToOctets());

            // The author's body is still there, octet by octet, but for the last group of base64.
            var body = RawMessage.Parse(message).Body.Span;
            prepared.Body.Span.IndexOf(name.EndsWith("base64", StringComparison.Ordinal) ? body[..^6] : body).ShouldBeGreaterThanOrEqualTo(0);
        }
    }
}
