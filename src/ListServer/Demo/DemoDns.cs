using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ListServer.MailAuth.Dns;

namespace ListServer.Demo;

/// <summary>
/// A name server on loopback that knows the demo's few names, so that the demo asks real questions over UDP and gets real answers.
/// It speaks just enough of RFC 1035: one question, A, MX and TXT, NXDOMAIN and NODATA kept apart.
/// </summary>
internal sealed class DemoDns : IAsyncDisposable
{
    private const int TimeToLive = 300;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, DnsRecordType Type), byte[][]> _records = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Where it answers.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>Adds an A record.</summary>
    public void AddAddress(string name, IPAddress address) => Add(name, DnsRecordType.A, address.GetAddressBytes());

    /// <summary>Adds an MX record.</summary>
    public void AddMailExchange(string name, string host) => Add(name, DnsRecordType.MX, [0, 10, .. Name(host)]);

    /// <summary>Adds a TXT record.</summary>
    public void AddText(string name, string text) =>
        Add(name, DnsRecordType.Txt, [.. Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(part => part.Prepend((byte)part.Length))]);

    /// <summary>Begins to answer.</summary>
    public void Start() => _loop = AnswerAllAsync(_stop.Token);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private void Add(string name, DnsRecordType type, byte[] data)
    {
        lock (_gate)
        {
            _records[(name, type)] = [.. _records.GetValueOrDefault((name, type), []), data];
            for (var parent = name; parent.Length > 0; parent = parent.Split('.', 2) is [_, var rest] ? rest : "")
            {
                // A name above one with records exists too (RFC 8020).
                _names.Add(parent);
            }
        }
    }

    private (byte[][] Data, bool Exists) Find(string name, DnsRecordType type)
    {
        lock (_gate)
        {
            return (_records.GetValueOrDefault((name, type), []), _names.Contains(name));
        }
    }

    private async Task AnswerAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var query = await _socket.ReceiveAsync(stop);
                if (Answer(query.Buffer) is { } answer)
                {
                    await _socket.SendAsync(answer, query.RemoteEndPoint, stop);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // An asker that went away makes the next receive fail (ICMP port unreachable); the server goes on.
            }
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> query)
    {
        // RFC 1035 §4.1.1: a query has QR 0, and here exactly one question.
        if (query.Length < 17 || (query[2] & 0x80) != 0 || BinaryPrimitives.ReadUInt16BigEndian(query[4..]) != 1 || ReadName(query, out var end) is not { } name)
        {
            return null;
        }

        var type = (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(query[end..]);
        var (data, exists) = Find(name, type);
        var code = (byte)(exists ? 0 : 3);
        var answer = new List<byte>([query[0], query[1], (byte)(0x84 | (query[2] & 1)), (byte)(0x80 | code), 0, 1, 0, (byte)data.Length, 0, 0, 0, 0]);
        answer.AddRange(query[12..(end + 4)]);
        foreach (var item in data)
        {
            // The owner is a pointer to the question's name (RFC 1035 §4.1.4).
            answer.AddRange([0xC0, 12, query[end], query[end + 1], 0, 1, 0, 0, TimeToLive >> 8, TimeToLive & 0xFF, (byte)(item.Length >> 8), (byte)item.Length]);
            answer.AddRange(item);
        }

        return [.. answer];
    }

    private static string? ReadName(ReadOnlySpan<byte> query, out int end)
    {
        var name = new StringBuilder();
        for (end = 12; end < query.Length - 5 && query[end] > 0; end += query[end] + 1)
        {
            if (query[end] > 63 || end + query[end] + 5 > query.Length)
            {
                return null;
            }

            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(query.Slice(end + 1, query[end])));
        }

        end++;
        return name.ToString().ToLowerInvariant();
    }

    private static IEnumerable<byte> Name(string name) =>
        name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)).Append((byte)0);
}
