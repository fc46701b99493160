using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ListServer.Commands;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ListServer.Hosting;

/// <summary>
/// Writes one line for each entry: text for people, or a JSON object for programs. What came from mail or from other servers can neither start
/// a line of its own nor speak to a terminal, and people's addresses are masked.
/// </summary>
/// <param name="isJson">JSON, or text.</param>
/// <param name="mask">For addresses; null leaves them as they are.</param>
/// <param name="time">For the time of each line, in UTC.</param>
internal sealed class LogLines(bool isJson, AddressMask? mask, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "listserver";

    /// <summary>Values that name a list, whose address is no secret.</summary>
    private const string ListValue = "List";

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var values = logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        var list = values.FirstOrDefault(value => value.Key == ListValue).Value?.ToString();
        var line = new Line(
            time.GetUtcNow(),
            logEntry.LogLevel.ToString().ToLowerInvariant(),
            logEntry.Category,
            Masked(logEntry.Formatter(logEntry.State, logEntry.Exception), list),
            logEntry.Exception is { } exception ? Masked(exception.ToString(), list) : null);
        textWriter.Write(isJson ? Json(line, values, list) : Text(line));
        textWriter.Write('\n');
    }

    private string Masked(string text, string? list) => mask is null ? text : mask.Apply(text, list);

    private static string Text(Line line)
    {
        var category = line.Category[(line.Category.LastIndexOf('.') + 1)..];
        var failure = line.Exception is null ? "" : " " + line.Exception;
        return Shown.Text($"{line.At.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {line.Level,-11} {category}: {line.Message}{failure}").ReplaceLineEndings("⏎");
    }

    private string Json(Line line, IReadOnlyList<KeyValuePair<string, object?>> values, string? list)
    {
        var octets = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(octets, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("at", line.At);
            json.WriteString("level", line.Level);
            json.WriteString("category", line.Category);
            json.WriteString("message", line.Message);
            if (line.Exception is not null)
            {
                json.WriteString("exception", line.Exception);
            }

            json.WriteStartObject("values");
            foreach (var (name, value) in values.Where(value => value.Key != "{OriginalFormat}").DistinctBy(value => value.Key))
            {
                json.WriteString(name, Masked(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", list));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(octets.WrittenSpan);
    }

    private sealed record Line(DateTimeOffset At, string Level, string Category, string Message, string? Exception);
}
