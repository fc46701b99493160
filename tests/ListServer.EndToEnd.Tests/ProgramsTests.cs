using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>What programs of other people do with a running server: the API with a token from the command line, and a webhook that checks its signature.</summary>
public sealed class ProgramsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_with_a_token_makes_a_list_and_imports_its_members()
    {
        var port = FreePort.Take();
        await using var serving = await ServeAsync(port);
        var token = (await serving.DoAsync(Cancelled, "token", "create", "olive@people.example", "--name", "setup", "--scope", "lists:write", "members:read", "members:write")).GetProperty("secret").GetString()!;
        using var program = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var made = await program.PostAsync("lists", Json("{\"address\":\"talk@lists.example\",\"owner\":\"ken@people.example\"}"), Cancelled);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync(Cancelled));
        using var file = new StringContent("email,name\naki@people.example,秋\nhana@people.example,花\n", Encoding.UTF8, "text/csv");
        using var begun = await program.PostAsync("lists/talk@lists.example/imports?fileName=club.csv", file, Cancelled);
        begun.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await program.GetStringAsync(begun.Headers.Location + "/events", Cancelled)).ShouldContain("\"state\":\"done\"");
        (await serving.DoAsync(Cancelled, "member", "list", "talk@lists.example")).GetArrayLength().ShouldBe(3);

        var id = (await serving.DoAsync(Cancelled, "token", "list"))[0].GetProperty("id").GetString()!;
        await serving.DoAsync(Cancelled, "token", "revoke", id);
        using var shut = await program.GetAsync("lists/talk@lists.example/members", Cancelled);
        shut.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_webhook_is_told_who_joined_and_can_check_who_told_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var serving = await ServeAsync(FreePort.Take());
        await serving.DoAsync(Cancelled, "list", "create", "talk@lists.example");
        var secret = (await serving.DoAsync(Cancelled, "webhook", "add", $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/told", "--list", "talk@lists.example", "--event", "member.joined"))
            .GetProperty("secret").GetString()!;
        await serving.DoAsync(Cancelled, "member", "add", "talk@lists.example", "aki@people.example");

        var (headers, body) = await HearAsync(listener);
        var signature = headers.Single(line => line.StartsWith("Webhook-Signature: ", StringComparison.OrdinalIgnoreCase)).Split(": ")[1];
        var time = signature.Split(',')[0]["t=".Length..];
        signature.ShouldBe($"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")))}");
        var told = JsonDocument.Parse(body).RootElement;
        told.GetProperty("event").GetString().ShouldBe("member.joined");
        told.GetProperty("data").GetProperty("members")[0].GetProperty("address").GetString().ShouldBe("aki@people.example");
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<Serving> ServeAsync(int port)
    {
        var folder = Directory.CreateTempSubdirectory("listserver-e2e-").FullName;
        (await Listserver.RunAsync(Cancelled, "domain", "add", "lists.example", "--data", folder)).Code.ShouldBe(0);
        (await Listserver.RunAsync(Cancelled, "user", "add", "olive@people.example", "--admin", "--data", folder)).Code.ShouldBe(0);
        return await Serving.StartAsync(
            folder, [$"Smtp:Listen=127.0.0.1:{FreePort.Take()}", $"Web:Listen=127.0.0.1:{port}", "Webhooks:AllowedNetworks=127.0.0.0/8"], Cancelled);
    }

    private static async Task<(string[] Headers, string Body)> HearAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancelled).AsTask().WaitAsync(Listserver.Patience, Cancelled);
        await using var stream = client.GetStream();
        var octets = new List<byte>();
        var buffer = new byte[4_096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, Cancelled);
            octets.AddRange(buffer.AsSpan(0, read));
            var text = Encoding.UTF8.GetString([.. octets]);
            if (text.Split("\r\n\r\n", 2) is [var head, var body]
                && int.Parse(head.Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)).Split(": ")[1], System.Globalization.CultureInfo.InvariantCulture) <= Encoding.UTF8.GetByteCount(body))
            {
                await stream.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), Cancelled);
                return (head.Split("\r\n"), body);
            }
        }
    }
}
