using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>The test's own DNS: ARSoft.Tools.Net speaks it, over UDP and TCP on one port of loopback. A name without records is NXDOMAIN.</summary>
internal sealed class NameServer : IDisposable
{
    private const int TimeToLive = 60;
    private const int SilenceAfter = 30_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<DomainName, List<DnsRecordBase>> _records = [];
    private readonly DnsServer _server;

    public NameServer() => (_server, Port) = Start();

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public void AddText(string name, params string[] texts) =>
        Add(new TxtRecord(DomainName.Parse(name), TimeToLive, texts.SelectMany(text => text.Chunk(255)).Select(part => new string(part))));

    public void AddAddress(string name, string address) => Add(new ARecord(DomainName.Parse(name), TimeToLive, IPAddress.Parse(address)));

    public void AddMailExchange(string name, string host) => Add(new MxRecord(DomainName.Parse(name), TimeToLive, 10, DomainName.Parse(host)));

    /// <summary>True to say nothing at all, as a name server that is down.</summary>
    public bool IsSilent { get; set; }

    public void Dispose() => _server.Stop();

    private void Add(DnsRecordBase record)
    {
        lock (_gate)
        {
            for (var name = record.Name; name.LabelCount > 0; name = name.GetParentName())
            {
                // A name above one with records exists too (RFC 8020 §2).
                _records.TryAdd(name, []);
            }

            _records[record.Name].Add(record);
        }
    }

    private (DnsServer Server, int Port) Start()
    {
        while (true)
        {
            var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Take());
            var server = new DnsServer(new UdpServerTransport(endPoint, SilenceAfter), new TcpServerTransport(endPoint, SilenceAfter, SilenceAfter));
            server.QueryReceived += AnswerAsync;
            try
            {
                server.Start();
                return (server, endPoint.Port);
            }
            catch (SocketException)
            {
                // Somebody else has the UDP port of that number: another one.
            }
        }
    }

    private async Task AnswerAsync(object sender, QueryReceivedEventArgs args)
    {
        if (IsSilent)
        {
            // A question that is given back unanswered gets SERVFAIL, which is an answer: this one is kept until nobody waits.
            await Task.Delay(SilenceAfter);
            return;
        }

        if (args.Query is DnsMessage { Questions: [var question] } query)
        {
            var response = query.CreateResponseInstance();
            response.IsAuthoritiveAnswer = true;
            lock (_gate)
            {
                var exists = _records.TryGetValue(question.Name, out var records);
                response.ReturnCode = exists ? ReturnCode.NoError : ReturnCode.NxDomain;
                response.AnswerRecords.AddRange(exists ? records!.Where(record => record.RecordType == question.RecordType) : []);
            }

            args.Response = response;
        }
    }
}
