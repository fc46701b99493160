using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Tests.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests;

/// <summary>Mail that nobody here wrote, read as its sources say: charsets, MIME, addresses, dates.</summary>
public sealed partial class SuiteTests
{
    // A delimiter that begins like the outer one, right behind a header without its empty line: MimeKit sees no part there. Nothing is lost of it.
    private static readonly string[] Known = ["mime/malformed/007"];

    [Theory]
    [InlineData("charsets", 56)]
    [InlineData("mime", 26)]
    [InlineData("addresses", 26)]
    [InlineData("dates", 21)]
    public void All_undisputed_cases_are_read_as_their_source_says_but_for_those_named_here(string suite, int passing)
    {
        var (passed, failed) = (0, new List<string>());
        foreach (var item in Cases(suite).Where(c => !c.TryGetProperty("disputed", out _)))
        {
            var expected = item.GetProperty("expected").EnumerateObject().Single().Value;
            if (Problem(expected, Answer(item, suite)) is { } problem)
            {
                failed.Add($"{item.GetProperty("id").GetString()}: {problem}");
            }
            else
            {
                passed++;
            }
        }

        failed.Where(f => !Known.Any(k => f.StartsWith(k, StringComparison.Ordinal))).ShouldBeEmpty();
        passed.ShouldBe(passing);
    }

    [Theory]
    [InlineData("charsets")]
    [InlineData("mime")]
    public void No_sample_throws_and_none_loses_octets_on_its_way_through_a_list(string suite)
    {
        var list = Reports.List with { SubjectPrefix = "[News %d]", Footer = "To leave: news-leave@lists.example" };
        foreach (var item in Cases(suite))
        {
            var original = Message(item, suite);
            _ = MessageView.Read(original);
            if (PreCheck.Problem(original.Octets.Span) is not null || !original.Fields.Any(f => f.Is("From")))
            {
                continue;
            }

            var prepared = KitchenTests.Prepare(list, original.Octets.ToArray());
            var copy = RawMessage.Parse(prepared.ToOctets());
            UndoSteps.Of(original, prepared)?.Undo(copy).ShouldBe(original.Octets.ToArray(), item.GetProperty("id").GetString());
        }
    }

    private static JsonElement Answer(JsonElement item, string suite) => JsonSerializer.SerializeToElement<object>(suite switch
    {
        "addresses" => Named(Encoding.UTF8.GetBytes(item.GetProperty("input").GetString()!)),
        "dates" => MailDate.TryRead(Encoding.UTF8.GetBytes(item.GetProperty("input").GetString()!), out var date)
            ? new { valid = true, unix = (long?)date.Value.ToUnixTimeSeconds() }
            : new { valid = false, unix = (long?)null },
        _ => Read(Message(item, suite)),
    });

    private static object Read(RawMessage message) => new
    {
        subject = PostContent.Read(message).Subject,
        from = Named(Value(message, "From")),
        to = Named(Value(message, "To")),
        texts = MessageView.Read(message).Texts,
    };

    private static object[] Named(ReadOnlySpan<byte> value) =>
        [.. NamedAddress.ReadAll(value).Select(a => new { name = a.Name.Length > 0 ? a.Name : null, address = a.Address })];

    private static ReadOnlySpan<byte> Value(RawMessage message, string name) =>
        message.Fields.Where(f => f.Is(name)).Select(f => f.RawValue).FirstOrDefault().Span;

    // As the suites' own runner compares: what is expected must be there, texts with runs of white space squeezed to one.
    private static string? Problem(JsonElement expected, JsonElement actual) => expected.ValueKind switch
    {
        JsonValueKind.Object => !expected.TryGetProperty("$any", out var any)
            ? expected.EnumerateObject().Select(p => Problem(p.Value, actual.TryGetProperty(p.Name, out var value) ? value : default) is { } wrong ? $"{p.Name}: {wrong}" : null).FirstOrDefault(p => p is not null)
            : any.EnumerateArray().Any(a => Problem(a, actual) is null) ? null : $"{actual} is none of {any}",
        JsonValueKind.Array => actual.ValueKind != JsonValueKind.Array || actual.GetArrayLength() != expected.GetArrayLength()
            ? $"{actual} has not as many items as {expected}"
            : expected.EnumerateArray().Zip(actual.EnumerateArray(), Problem).FirstOrDefault(p => p is not null),
        JsonValueKind.Null => actual.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : $"{actual} where nothing is expected",
        _ => Squeeze(expected.ToString()) == Squeeze(actual.ToString()) ? null : $"'{actual}' is not '{expected}'",
    };

    private static string Squeeze(string text) => WhiteSpace().Replace(text, " ").Trim();

    private static JsonElement.ArrayEnumerator Cases(string suite) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(suite), "cases.json"))).RootElement.GetProperty("cases").EnumerateArray();

    private static RawMessage Message(JsonElement item, string suite) =>
        RawMessage.Parse(File.ReadAllBytes(Path.Combine(Folder(suite), item.GetProperty("file").GetString()!)));

    private static string Folder(string suite) => Path.Combine(AppContext.BaseDirectory, "Data", "Suites", suite);

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
