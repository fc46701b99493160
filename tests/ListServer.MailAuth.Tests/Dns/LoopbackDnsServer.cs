using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ListServer.MailAuth.Tests.Dns;

/// <summary>A question as it came over the wire: labels joined by dots, one char an octet.</summary>
internal sealed record WireQuestion(string Name, ushort Type, bool IsTcp, bool HasEdns, bool WantsDnssec);

/// <summary>One record of an answer: the owner's name may be null for the question's.</summary>
internal sealed record WireAnswer(ushort Type, byte[] Data, uint Ttl = 300, string? Owner = null);

/// <summary>What the server says; null records mean that it stays silent.</summary>
internal sealed record WireReply(int Rcode = 0, WireAnswer[]? Answers = null, (uint Ttl, uint Minimum)? Soa = null, bool IsAuthentic = false)
{
    public bool IsTruncatedOverUdp { get; init; }

    public string? OtherQuestion { get; init; }

    public byte[]? Raw { get; init; }

    /// <summary>What becomes of the finished packet.</summary>
    public Func<byte[], byte[]>? Damage { get; init; }

    /// <summary>What the length before a packet says over TCP, when it lies.</summary>
    public ushort? TcpLength { get; init; }
}

/// <summary>A DNS server on loopback, UDP and TCP on one free port, that answers by a function.</summary>
internal sealed class LoopbackDnsServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _udp;
    private readonly TcpListener _tcp;
    private readonly Func<WireQuestion, WireReply?> _answer;
    private readonly Task[] _loops;
    private ushort? _tcpLength;

    public LoopbackDnsServer(Func<WireQuestion, WireReply?> answer, IPAddress? address = null)
    {
        _answer = answer;
        (_udp, _tcp) = Bind(address ?? IPAddress.Loopback);
        EndPoint = (IPEndPoint)_udp.LocalEndPoint!;
        _loops = [ServeUdpAsync(), ServeTcpAsync()];
    }

    public IPEndPoint EndPoint { get; }

    public ConcurrentQueue<WireQuestion> Questions { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _tcp.Dispose();
        _udp.Dispose();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    /// <summary>A name in wire form.</summary>
    public static byte[] Name(string name) => name.Length == 0
        ? [0]
        : [.. name.Split('.').SelectMany(l => Encoding.Latin1.GetBytes(l).Prepend((byte)l.Length)), 0];

    /// <summary>A TXT record's data: character strings, one char an octet.</summary>
    public static byte[] Strings(params string[] strings) => [.. strings.SelectMany(s => Encoding.Latin1.GetBytes(s).Prepend((byte)s.Length))];

    /// <summary>One port that is free for both: the one that UDP got may be in use by TCP.</summary>
    private static (Socket Udp, TcpListener Tcp) Bind(IPAddress address)
    {
        while (true)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(address, 0));
            var tcp = new TcpListener((IPEndPoint)udp.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                tcp.Dispose();
                udp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var received = await _udp.ReceiveFromAsync(buffer, SocketFlags.None, EndPoint, _stop.Token);
                if (Reply(buffer.AsSpan(0, received.ReceivedBytes), isTcp: false) is { } reply)
                {
                    await _udp.SendToAsync(reply, received.RemoteEndPoint, _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var size = new byte[2];
                await stream.ReadExactlyAsync(size, _stop.Token);
                var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
                await stream.ReadExactlyAsync(query, _stop.Token);
                if (Reply(query, isTcp: true) is { } reply)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(size, _tcpLength ?? (ushort)reply.Length);
                    await stream.WriteAsync((byte[])[.. size, .. reply], _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private byte[]? Reply(ReadOnlySpan<byte> query, bool isTcp)
    {
        var labels = new List<string>();
        var at = 12;
        for (; query[at] != 0; at += query[at] + 1)
        {
            labels.Add(Encoding.Latin1.GetString(query.Slice(at + 1, query[at])));
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]);
        var end = at + 5;
        var hasEdns = query[11] == 1;
        var question = new WireQuestion(string.Join('.', labels), type, isTcp, hasEdns, hasEdns && (query[end + 7] & 0x80) != 0);
        Questions.Enqueue(question);
        if (_answer(question) is not { } reply)
        {
            return null;
        }

        _tcpLength = reply.TcpLength;
        var packet = reply.Raw ?? Write(query, query[12..end], reply, isTcp);
        return reply.Damage?.Invoke(packet) ?? packet;
    }

    private static byte[] Write(ReadOnlySpan<byte> query, ReadOnlySpan<byte> question, WireReply reply, bool isTcp)
    {
        var isCut = reply.IsTruncatedOverUdp && !isTcp;
        var answers = isCut ? [] : reply.Answers ?? [];
        byte[] asked = reply.OtherQuestion is { } other ? [.. Name(other), .. question[^4..]] : question.ToArray();
        byte[] body =
        [
            .. query[..2],
            (byte)(0x80 | (query[2] & 1) | (isCut ? 2 : 0)),
            (byte)(0x80 | (reply.IsAuthentic ? 0x20 : 0) | reply.Rcode),
            0, 1, 0, (byte)answers.Length, 0, (byte)(reply.Soa is null ? 0 : 1), 0, 0,
            .. asked,
        ];
        foreach (var answer in answers)
        {
            body = [.. body, .. answer.Owner is null ? [0xC0, 12] : Name(answer.Owner), .. Record(answer.Type, answer.Ttl, answer.Data)];
        }

        return reply.Soa is { } soa ? [.. body, 0, .. Record(6, soa.Ttl, [0, 0, .. new byte[16], .. Big(soa.Minimum)])] : body;
    }

    private static byte[] Record(ushort type, uint ttl, byte[] data) =>
        [(byte)(type >> 8), (byte)type, 0, 1, .. Big(ttl), (byte)(data.Length >> 8), (byte)data.Length, .. data];

    private static byte[] Big(uint value)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return octets;
    }
}
