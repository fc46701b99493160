using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ListServer.Load;

/// <summary>What a sink has taken since it was last cleared.</summary>
/// <param name="Transactions">Transactions it answered with 250.</param>
/// <param name="Recipients">Recipients of all of them.</param>
/// <param name="Distinct">Different addresses among them.</param>
/// <param name="FirstAt">When the first was taken; null when none was.</param>
public sealed record SinkCount(long Transactions, long Recipients, int Distinct, DateTimeOffset? FirstAt);

/// <summary>
/// Stands for all receiving hosts: takes everything as fast as it comes, keeps no octets and counts every recipient. It speaks just enough
/// of SMTP for a client that pipelines (RFC 2920), and trusts it to keep to the rules.
/// </summary>
internal sealed class LoadSink(TimeSpan delay, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly byte[] EndOfData = "\r\n.\r\n"u8.ToArray();
    private readonly Lock _gate = new();
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _transactions;
    private long _recipients;
    private DateTimeOffset? _firstAt;

    /// <summary>
    /// Runs a sink that is steered by lines: "count N" answers with what was taken as soon as it is N recipients, or after a second, "clear" forgets it,
    /// "post SERVER CONNECTIONS FILE" sends the posts of a file, the end of input ends it.
    /// </summary>
    public static async Task RunAsync(TimeSpan delay, TextReader input, TextWriter output, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var sink = new LoadSink(delay, TimeProvider.System);
        sink._listener.Start(512);
        var accepting = sink.AcceptAsync(stop.Token);
        await output.WriteLineAsync(((IPEndPoint)sink._listener.LocalEndpoint).ToString());
        await output.FlushAsync(cancellationToken);
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            await output.WriteLineAsync(line.Split(' ', 4) switch
            {
                ["post", var server, var connections, var file] => await PostAsync(IPEndPoint.Parse(server), int.Parse(connections, CultureInfo.InvariantCulture), file, cancellationToken),
                ["count", var recipients] => await sink.CountAsync(long.Parse(recipients, CultureInfo.InvariantCulture), cancellationToken),
                _ => JsonSerializer.Serialize(sink.Count(isCleared: true)),
            });
            await output.FlushAsync(cancellationToken);
        }

        await stop.CancelAsync();
        await accepting;
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    /// <summary>Sends posts; answers with the problem, or an empty line.</summary>
    private static async Task<string> PostAsync(IPEndPoint server, int connections, string file, CancellationToken cancellationToken)
    {
        try
        {
            await LoadClient.PostAsync(server, connections, file, TimeProvider.System, cancellationToken);
            return "";
        }
        catch (IOException problem)
        {
            return problem.Message.ReplaceLineEndings(" ");
        }
    }

    private async Task<string> CountAsync(long recipients, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (Interlocked.Read(ref _recipients) < recipients && time.GetElapsedTime(begun) < LongestWait)
        {
            await Task.Delay(Look, time, cancellationToken);
        }

        return JsonSerializer.Serialize(Count(isCleared: false));
    }

    private SinkCount Count(bool isCleared)
    {
        lock (_gate)
        {
            var count = new SinkCount(_transactions, _recipients, _addresses.Count, _firstAt);
            if (isCleared)
            {
                (_transactions, _recipients, _firstAt) = (0, 0, null);
                _addresses.Clear();
            }

            return count;
        }
    }

    private async Task AcceptAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(stop);
                _ = ServeAsync(socket, stop);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The sink ends.
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        socket.NoDelay = true;
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var (reader, writer) = (PipeReader.Create(stream), PipeWriter.Create(stream));
            var session = new Session(this, writer);
            session.Reply("220 sink.example\r\n"u8);
            await writer.FlushAsync(stop);
            while (!session.IsOver)
            {
                var read = await reader.ReadAsync(stop);
                reader.AdvanceTo(session.Take(read.Buffer), read.Buffer.End);
                if (session.HasReplied && delay > TimeSpan.Zero)
                {
                    await Task.Delay(delay, time, stop);
                }

                await writer.FlushAsync(stop);
                session.HasReplied = false;
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // The client went away, or the sink ends.
        }
    }

    private void Enter(List<string> recipients)
    {
        lock (_gate)
        {
            _firstAt ??= time.GetUtcNow();
            _transactions++;
            _recipients += recipients.Count;
            _addresses.UnionWith(recipients);
        }
    }

    private sealed class Session(LoadSink sink, PipeWriter writer)
    {
        private readonly List<string> _recipients = [];
        private bool _isInData;

        public bool IsOver { get; private set; }

        public bool HasReplied { get; set; }

        public void Reply(ReadOnlySpan<byte> line)
        {
            writer.Write(line);
            HasReplied = true;
        }

        /// <summary>Does all that is whole; answers up to where.</summary>
        public SequencePosition Take(ReadOnlySequence<byte> octets)
        {
            var reader = new SequenceReader<byte>(octets);
            while (!IsOver)
            {
                if (_isInData)
                {
                    if (!reader.TryReadTo(out ReadOnlySequence<byte> _, EndOfData))
                    {
                        // The end may have begun in the last octets.
                        reader.Advance(Math.Max(0, reader.Remaining - EndOfData.Length + 1));
                        return reader.Position;
                    }

                    _isInData = false;
                    sink.Enter(_recipients);
                    _recipients.Clear();
                    Reply("250 2.0.0 taken\r\n"u8);
                }
                else if (reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
                {
                    Obey(Encoding.ASCII.GetString(line));
                }
                else
                {
                    return reader.Position;
                }
            }

            return reader.Position;
        }

        private void Obey(string line)
        {
            switch (line.Length < 4 ? "" : line[..4].ToUpperInvariant())
            {
                case "EHLO":
                    Reply("250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"u8);
                    break;
                case "RCPT":
                    _recipients.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]);
                    Reply("250 2.1.5 ok\r\n"u8);
                    break;
                case "DATA":
                    _isInData = true;
                    Reply("354 go on\r\n"u8);
                    break;
                case "QUIT":
                    IsOver = true;
                    Reply("221 2.0.0 bye\r\n"u8);
                    break;
                case "MAIL" or "RSET":
                    _recipients.Clear();
                    Reply("250 2.0.0 ok\r\n"u8);
                    break;
                default:
                    Reply("502 5.5.1 not here\r\n"u8);
                    break;
            }
        }
    }
}
