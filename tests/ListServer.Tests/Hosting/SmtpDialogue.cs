using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ListServer.Tests.Hosting;

/// <summary>A client that says what the test writes and hears what comes back.</summary>
internal sealed class SmtpDialogue : IDisposable
{
    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;
    private StreamReader _reader = StreamReader.Null;

    public static async Task<SmtpDialogue> OpenAsync(IPEndPoint endPoint)
    {
        var dialogue = new SmtpDialogue();
        await dialogue._client.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        dialogue.Use(dialogue._client.GetStream());
        (await dialogue.HearAsync()).ShouldStartWith("220");
        return dialogue;
    }

    /// <summary>Says lines, each answered before the next; the last reply, all its lines joined.</summary>
    public async Task<string> SayAsync(params string[] lines)
    {
        var reply = "";
        foreach (var line in lines)
        {
            await _stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
            reply = await HearAsync();
        }

        return reply;
    }

    /// <summary>Sends octets and the final dot; the replies, one for each recipient.</summary>
    public async Task<string[]> SendAsync(byte[] message, int replies = 1)
    {
        (await SayAsync("DATA")).ShouldStartWith("354");
        await _stream.WriteAsync((byte[])[.. message, .. "\r\n.\r\n"u8], TestContext.Current.CancellationToken);
        var all = new string[replies];
        for (var i = 0; i < replies; i++)
        {
            all[i] = await HearAsync();
        }

        return all;
    }

    public async Task StartTlsAsync()
    {
        (await SayAsync("STARTTLS")).ShouldStartWith("220");
        var tls = new SslStream(_stream, false, (_, certificate, _, _) => certificate?.Subject == "CN=mx.lists.example");
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.lists.example" }, TestContext.Current.CancellationToken);
        Use(tls);
    }

    public void Dispose() => _client.Dispose();

    private void Use(Stream stream) => (_stream, _reader) = (stream, new StreamReader(stream, Encoding.Latin1, false, 1, leaveOpen: true));

    private async Task<string> HearAsync()
    {
        var text = new StringBuilder();
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            text.Append(line).Append('\n');
            if (line.Length < 4 || line[3] == ' ')
            {
                break;
            }
        }

        return text.ToString().TrimEnd('\n');
    }
}
