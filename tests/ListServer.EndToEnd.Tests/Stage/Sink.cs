using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>What arrived at a member's provider: one for each recipient.</summary>
internal sealed record Delivery(string MailFrom, string Recipient, byte[] Octets);

/// <summary>The members' provider: an SMTP server on loopback that takes all and keeps the octets as they came.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();
    private readonly Task _accepting;

    public Sink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
            {
                sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await ConverseAsync(new StreamReader(client.GetStream(), Encoding.Latin1), client.GetStream());
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The other side went away, or the test is over.
        }
    }

    private async Task ConverseAsync(StreamReader input, NetworkStream output)
    {
        await SayAsync(output, "220 sink.example");
        var (mailFrom, recipients) = ("", new List<string>());
        while (await input.ReadLineAsync(_end.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync(output, "250-sink.example\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME");
                    break;
                case "MAIL":
                    (mailFrom, recipients) = (Path(line), []);
                    await SayAsync(output, "250 2.1.0 ok");
                    break;
                case "RCPT":
                    recipients.Add(Path(line));
                    await SayAsync(output, "250 2.1.5 ok");
                    break;
                case "DATA":
                    await SayAsync(output, "354 go on");
                    var octets = await ReadDataAsync(input);
                    recipients.ForEach(recipient => _deliveries.Writer.TryWrite(new Delivery(mailFrom, recipient, octets)));
                    await SayAsync(output, "250 2.0.0 taken");
                    break;
                case "QUIT":
                    await SayAsync(output, "221 2.0.0 bye");
                    return;
                default:
                    await SayAsync(output, "250 2.0.0 ok");
                    break;
            }
        }
    }

    // RFC 5321 §4.5.2. Octet for octet: only CRLF "." CRLF ends the data, and a lone CR or LF stays what it is.
    private async Task<byte[]> ReadDataAsync(StreamReader input)
    {
        var text = new StringBuilder("\r\n");
        var next = new char[1];
        while (await input.ReadAsync(next, _end.Token) == 1)
        {
            text.Append(next[0]);
            if (next[0] == '\n' && text.Length >= 5 && text.ToString(text.Length - 5, 5) == "\r\n.\r\n")
            {
                text.Length -= 3;
                return Encoding.Latin1.GetBytes(text.Replace("\r\n.", "\r\n").ToString(2, text.Length - 2));
            }
        }

        throw new IOException("The connection ended within a message.");
    }

    private static string Path(string line) => line.Split('<', '>')[1];

    private async Task SayAsync(NetworkStream output, string text) => await output.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _end.Token);
}
