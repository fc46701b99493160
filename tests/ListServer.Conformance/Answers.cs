using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Conformance;

/// <summary>One answer for each request: the operations verify, seal, authres, bounce, arf, dmarcReport, mime, addresses and date; others are unsupported.</summary>
internal static class Answers
{
    private const string AuthservId = "mx.conformance.example";
    private static readonly ConcurrentDictionary<string, DnsClientResolver> Servers = new();

    /// <summary>The JSON answer to a JSON request.</summary>
    public static async Task<ReadOnlyMemory<byte>> AnswerAsync(string line)
    {
        using var request = JsonDocument.Parse(line);
        var root = request.RootElement;
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("id", Text(root, "id"));
        try
        {
            await WriteAnswerAsync(writer, root).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            writer.WriteString("error", e.Message);
        }

        writer.WriteEndObject();
        await writer.FlushAsync().ConfigureAwait(false);
        return output.WrittenMemory;
    }

    private static async Task WriteAnswerAsync(Utf8JsonWriter writer, JsonElement request)
    {
        switch (Text(request, "op"))
        {
            case "verify":
                await VerifyAsync(writer, request).ConfigureAwait(false);
                break;
            case "seal":
                await SealAsync(writer, request).ConfigureAwait(false);
                break;
            case "authres":
                WriteResults(writer, Text(request, "input"));
                break;
            case "bounce":
                ReturnAnswers.WriteReturn(writer, await MessageAsync(request).ConfigureAwait(false));
                break;
            case "arf":
                ReturnAnswers.WriteFeedback(writer, await MessageAsync(request).ConfigureAwait(false));
                break;
            case "mime":
                ReadingAnswers.WriteMessage(writer, await MessageAsync(request).ConfigureAwait(false));
                break;
            case "addresses":
                ReadingAnswers.WriteAddresses(writer, "addresses", Encoding.UTF8.GetBytes(Text(request, "input")));
                break;
            case "date":
                ReadingAnswers.WriteDate(writer, Text(request, "input"));
                break;
            case "dmarcReport":
                DmarcReportAnswers.Write(writer, await File.ReadAllBytesAsync(Text(request, "file")).ConfigureAwait(false));
                break;
            default:
                writer.WriteBoolean("unsupported", true);
                break;
        }
    }

    private static async Task VerifyAsync(Utf8JsonWriter writer, JsonElement request)
    {
        var client = IPAddress.Parse(Text(request, "ip"));
        var message = await MessageAsync(request).ConfigureAwait(false);
        var report = await new MessageAuthenticator(Resolver(request), TimeProvider.System)
            .VerifyAsync(message, client, Text(request, "helo"), Text(request, "mailFrom"), Time(request)).ConfigureAwait(false);
        AuthenticationReportJson.WriteMembers(writer, report, ReportResults.From(report, client, AuthservId).Write());
    }

    private static async Task SealAsync(Utf8JsonWriter writer, JsonElement request)
    {
        var message = await MessageAsync(request).ConfigureAwait(false);
        var pem = await File.ReadAllTextAsync(Text(request, "keyFile")).ConfigureAwait(false);
        if (!SigningKey.TryLoad(pem, null, out var key, out var error))
        {
            writer.WriteString("error", error);
            return;
        }

        using (key)
        {
            var clock = new ClockAt(Time(request) ?? TimeProvider.System.GetUtcNow());
            var arrived = await new ArcVerifier(Resolver(request), null, clock).VerifyAsync(message).ConfigureAwait(false);
            var options = new ArcSealingOptions { Fields = SignedFields.Exactly(Text(request, "headers").Split(':')) };
            var sealer = new ArcSealer(new SigningIdentity(Text(request, "domain"), Text(request, "selector"), key), options, clock);
            var results = ResultsFields.Merge(message, Text(request, "authservId"));
            byte[] octets = sealer.TrySeal(message, arrived, results, out var set, out _)
                ? [.. set.ToOctets(), .. message.Octets.Span]
                : message.Octets.ToArray();
            writer.WriteBase64String("messageBase64", octets);
        }
    }

    private static void WriteResults(Utf8JsonWriter writer, string field)
    {
        var octets = Encoding.UTF8.GetBytes(field);
        var isValid = ResultsField.TryParse(octets.AsSpan(octets.AsSpan().IndexOf((byte)':') + 1), out var read, out _);
        writer.WriteBoolean("valid", isValid);
        if (!isValid)
        {
            return;
        }

        writer.WriteString("authservId", read!.AuthservId);
        writer.WriteStartArray("results");
        foreach (var result in read.Results)
        {
            WriteResult(writer, result);
        }

        writer.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter writer, MethodResult result)
    {
        writer.WriteStartObject();
        writer.WriteString("method", result.Method);
        writer.WriteString("result", result.Result);
        if (result.Reason is not null)
        {
            writer.WriteString("reason", result.Reason);
        }

        writer.WriteStartArray("properties");
        foreach (var property in result.Properties)
        {
            writer.WriteStartObject();
            writer.WriteString("ptype", property.PropertyType);
            writer.WriteString("property", property.Property);
            writer.WriteString("value", property.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>
    /// A cache for the one request, in front of the server that it names: the same name means different things at different servers,
    /// and every case is to ask its own questions.
    /// </summary>
    private static CachingResolver Resolver(JsonElement request) => new(
        Servers.GetOrAdd(Text(request, "dns"), d => new DnsClientResolver(new DnsClientResolverOptions { Servers = [IPEndPoint.Parse(d)] })),
        TimeProvider.System);

    private static async Task<RawMessage> MessageAsync(JsonElement request) =>
        RawMessage.Parse(await File.ReadAllBytesAsync(Text(request, "file")).ConfigureAwait(false));

    private static DateTimeOffset? Time(JsonElement request) =>
        request.TryGetProperty("time", out var time) && time.ValueKind == JsonValueKind.Number ? DateTimeOffset.FromUnixTimeSeconds(time.GetInt64()) : null;

    private static string Text(JsonElement request, string name) =>
        request.TryGetProperty(name, out var value) ? value.ToString() : "";

    private sealed class ClockAt(DateTimeOffset moment) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => moment;
    }
}
