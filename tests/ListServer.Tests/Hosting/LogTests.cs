using System.Text.Json;
using ListServer.Configuration;
using ListServer.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Hosting;

public sealed class LogTests
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2027, 3, 1, 9, 5, 7, TimeSpan.Zero));

    [Theory]
    [InlineData(LogFormat.Auto, false, true, false)]
    [InlineData(LogFormat.Auto, false, false, true)]
    [InlineData(LogFormat.Auto, true, true, true)]
    [InlineData(LogFormat.Text, true, false, false)]
    [InlineData(LogFormat.Json, false, true, true)]
    public void A_terminal_gets_text_and_programs_get_JSON_unless_an_option_says_otherwise(LogFormat format, bool isAsked, bool isTerminal, bool isJson) =>
        ServerLog.IsJson(format, isAsked, isTerminal).ShouldBe(isJson);

    [Fact]
    public void Addresses_are_hashed_but_for_the_lists()
    {
        var line = Write(isJson: false, new AddressMask());
        line.ShouldMatch(@"^09:05:07 warning     Reception: Post 01A for talk@lists\.example: held, #([0-9a-f]{12})@example\.org \(alias #\1@example\.org\) and #[0-9a-f]{12}@example\.org\n$");
        line.ShouldNotContain("ken");
        line.ShouldNotContain("mori");
    }

    [Fact]
    public void Addresses_are_shown_when_the_operator_wants_them() =>
        Write(isJson: false, mask: null).ShouldBe("09:05:07 warning     Reception: Post 01A for talk@lists.example: held, Ken@example.org (alias ken@example.org) and \"mori x\"@example.org\n");

    [Fact]
    public void A_JSON_line_has_masked_values_too()
    {
        var line = Write(isJson: true, new AddressMask(), new InvalidOperationException("at ken@example.org"));
        line.IndexOf('\n', StringComparison.Ordinal).ShouldBe(line.Length - 1);
        line.ShouldNotContain("ken@");
        using var json = JsonDocument.Parse(line);
        json.RootElement.GetProperty("at").GetString().ShouldBe("2027-03-01T09:05:07+00:00");
        json.RootElement.GetProperty("level").GetString().ShouldBe("warning");
        json.RootElement.GetProperty("category").GetString().ShouldBe("ListServer.Reception");
        json.RootElement.GetProperty("values").GetProperty("List").GetString().ShouldBe("talk@lists.example");
        json.RootElement.GetProperty("values").GetProperty("Author").GetString()!.ShouldMatch("^#[0-9a-f]{12}@example\\.org$");
        json.RootElement.GetProperty("exception").GetString()!.ShouldContain("at #");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_server_s_words_neither_begin_a_line_nor_speak_to_the_terminal(bool isJson)
    {
        var line = Format(isJson, new AddressMask(), new[] { new KeyValuePair<string, object?>("Reply", "550 no\r\n09:00 forged\u001b[31m") }, "said 550 no\r\n09:00 forged\u001b[31m", null);
        line.TrimEnd('\n').ShouldNotContain('\n');
        line.ShouldNotContain('\r');
        line.ShouldNotContain('\u001b');
    }

    [Theory]
    [InlineData("no address here", "no address here")]
    [InlineData("<a@x.example>,b@y.example", "<#H@x.example>,#H@y.example")]
    [InlineData("news-bounces+ken=example.org@lists.example", "#H@lists.example")]
    [InlineData("用户@例子.example said", "#H@例子.example said")]
    [InlineData("a@[192.0.2.1] @ b", "#H@[192.0.2.1] @ b")]
    public void Addresses_of_every_form_are_found(string text, string masked) =>
        System.Text.RegularExpressions.Regex.Replace(new AddressMask().Apply(text, null), "#[0-9a-f]{12}", "#H").ShouldBe(masked);

    [Theory]
    [InlineData(false, false, "x #")]
    [InlineData(true, false, "x ken@example.org")]
    [InlineData(true, true, "\"message\":\"x ken@example.org\"")]
    public void The_server_s_log_is_as_the_options_say(bool showAddresses, bool json, string expected)
    {
        using var services = new ServiceCollection()
            .AddLogging(builder => ServerLog.Configure(builder, new LogOptions { ShowAddresses = showAddresses }, json)).BuildServiceProvider();
        var formatter = services.GetServices<ConsoleFormatter>().Single(f => f.Name == LogLines.FormatterName);
        services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(LogLines.FormatterName);
        using var output = new StringWriter();
        formatter.Write(new LogEntry<string>(LogLevel.Information, "Test", default, "", null, (_, _) => "x ken@example.org"), null, output);
        output.ToString().ShouldContain(expected);
    }

    [Fact]
    public void Two_servers_hash_otherwise() =>
        new AddressMask().Apply("ken@example.org", null).ShouldNotBe(new AddressMask().Apply("ken@example.org", null));

    private static string Write(bool isJson, AddressMask? mask, Exception? failure = null) => Format(
        isJson,
        mask,
        [new("PostId", "01A"), new("List", "talk@lists.example"), new("Author", "Ken@example.org")],
        "Post 01A for talk@lists.example: held, Ken@example.org (alias ken@example.org) and \"mori x\"@example.org",
        failure);

    private static string Format(bool isJson, AddressMask? mask, KeyValuePair<string, object?>[] values, string message, Exception? failure)
    {
        using var output = new StringWriter();
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(LogLevel.Warning, "ListServer.Reception", new EventId(1), values, failure, (_, _) => message);
        new LogLines(isJson, mask, Clock).Write(entry, null, output);
        return output.ToString();
    }
}
