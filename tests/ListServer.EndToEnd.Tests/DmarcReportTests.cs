using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>A report that we would send is understood by Mail::DMARC, which nobody here wrote (issue 7; AUTH-15).</summary>
public sealed class DmarcReportTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_reads_what_was_counted_out_of_our_report()
    {
        using var names = new NameServer();
        names.AddText("_dmarc.friendly.example", "v=DMARC1; p=quarantine; rua=mailto:dmarc@friendly.example");
        names.AddText("friendly.example", "v=spf1 ip4:127.0.0.1 -all");
        var port = FreePort.Take();
        await using var serving = await Serving.StartAsync(
            Directory.CreateTempSubdirectory("listserver-e2e-").FullName, [$"Smtp:Listen=127.0.0.1:{port}", "Web:Listen=", $"Dns:Servers={names.Address}", "HostName=mx.lists.example"], Cancelled);
        await serving.DoAsync(Cancelled, "domain", "add", "lists.example");
        await serving.DoAsync(Cancelled, "list", "create", "talk@lists.example");
        var version = (await serving.DoAsync(Cancelled, "dmarc-consent", "show", "lists.example")).GetProperty("states")[1].GetProperty("version").GetString()!;
        await serving.DoAsync(Cancelled, "dmarc-consent", "give", "lists.example", "reporting", "--agree", version);
        await SendAsync(port, "author@friendly.example", "author@friendly.example");
        await SendAsync(port, "someone@elsewhere.example", "author@friendly.example");

        var preview = await serving.DoAsync(Cancelled, "dmarc-report", "preview", "friendly.example");
        preview.GetProperty("recipients").EnumerateArray().Select(address => address.GetString()).ShouldBe(["dmarc@friendly.example"]);
        var read = await ReadAsync(preview.GetProperty("xml").GetString()!);

        read.GetProperty("organization").GetString().ShouldBe("lists.example");
        read.GetProperty("domain").GetString().ShouldBe("friendly.example");
        read.GetProperty("policy").GetString().ShouldBe("quarantine");
        (read.GetProperty("end").GetInt64() - read.GetProperty("begin").GetInt64()).ShouldBe(86_399);
        read.GetProperty("records").EnumerateArray().Select(record => string.Join(' ', Names(record))).Order().ShouldBe(
        [
            "127.0.0.1 1 fail fail friendly.example elsewhere.example",
            "127.0.0.1 1 fail pass friendly.example friendly.example",
        ]);
    }

    private static IEnumerable<string> Names(JsonElement record) =>
        new[] { "source", "count", "dkim", "spf", "from", "envelope" }.Select(name => record.GetProperty(name).ToString());

    // Debian's Mail::DMARC, by the system's own Perl.
    private static async Task<JsonElement> ReadAsync(string xml)
    {
        using var perl = Process.Start(new ProcessStartInfo("/usr/bin/perl", [Path.Combine(AppContext.BaseDirectory, "Strangers", "maildmarc.pl")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (answer, errors) = (perl.StandardOutput.ReadToEndAsync(Cancelled), perl.StandardError.ReadToEndAsync(Cancelled));
        await perl.StandardInput.WriteAsync(xml);
        perl.StandardInput.Close();
        await perl.WaitForExitAsync(Cancelled);
        perl.ExitCode.ShouldBe(0, await errors);
        return JsonSerializer.Deserialize<JsonElement>(await answer);
    }

    private static async Task SendAsync(int port, string mailFrom, string from)
    {
        using var client = new TcpClient("127.0.0.1", port);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        (await reader.ReadLineAsync(Cancelled))!.ShouldStartWith("220");
        foreach (var (line, reply) in new[]
        {
            ("HELO client.example", "250"), ($"MAIL FROM:<{mailFrom}>", "250"), ("RCPT TO:<talk@lists.example>", "250"), ("DATA", "354"),
            ($"From: <{from}>\r\nTo: talk@lists.example\r\nSubject: Hello\r\nDate: Tue, 24 Nov 2026 06:00:00 +0000\r\nMessage-ID: <{Guid.NewGuid():N}@client.example>\r\n\r\nHello\r\n.", "250"),
            ("QUIT", "221"),
        })
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), Cancelled);
            (await reader.ReadLineAsync(Cancelled))!.ShouldStartWith(reply);
        }
    }
}
