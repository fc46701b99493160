using System.Net;
using System.Security.Cryptography;
using System.Text;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Benchmarks;

/// <summary>A post of 4 KB, signed by its author's domain and sealed once by the list that passed it on, and the records that it needs.</summary>
internal sealed class SignedPost : IDnsResolver
{
    public const string Client = "192.0.2.25";
    public const string Helo = "mx.lists.example";
    public const string Sender = "bounces@lists.example";
    private const int Octets = 4096;

    private static readonly string[] Words = "the list that passes a post on adds a footer and seals what it has seen of it before that".Split(' ');
    private readonly SigningKey _authorKey = SigningKey.GenerateRsa();

    private SignedPost()
    {
        List = new SigningIdentity("lists.example", "arc", SigningKey.GenerateRsa());
        var author = new SigningIdentity("example.org", "mail", _authorKey);
        Txt = new Dictionary<string, string>
        {
            [author.DnsName] = author.Key.DnsRecord,
            [List.DnsName] = List.Key.DnsRecord,
            ["lists.example"] = "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/24 -all",
            [Helo] = "v=spf1 ip4:192.0.2.25 -all",
            ["_dmarc.example.org"] = "v=DMARC1; p=reject; rua=mailto:dmarc@example.org",
        };
        var plain = RawMessage.Parse(Encoding.ASCII.GetBytes(Header() + "\r\n" + Body()));
        Unsigned = plain;
        var signed = RawMessage.Parse((byte[])[.. new DkimSigner(author).Sign(plain), .. plain.Octets.Span]);
        var none = new ArcResult(ArcVerdict.None, 0, null, [], false, "");
        const string results = $"{Helo}; spf=pass smtp.mailfrom=example.org; dkim=pass header.d=example.org; dmarc=pass header.from=example.org";
        Message = new ArcSealer(List).TrySeal(signed, none, results, out var set, out var refusal)
            ? (byte[])[.. set.ToOctets(), .. signed.Octets.Span]
            : throw new InvalidOperationException(refusal);
    }

    public Dictionary<string, string> Txt { get; }

    public byte[] Message { get; }

    /// <summary>The post before anybody signed it.</summary>
    public RawMessage Unsigned { get; }

    public SigningIdentity List { get; }

    public static SignedPost Make() => new();

    /// <summary>The list's key as the platform's own object.</summary>
    public RSA ListRsa()
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(List.Key.ToPem());
        return rsa;
    }

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(type == DnsRecordType.Txt && Txt.TryGetValue(name, out var text)
            ? new DnsAnswer(DnsStatus.Success, [new TxtRecord(text)], TimeSpan.FromHours(1))
            : DnsAnswer.Empty(DnsStatus.NxDomain, TimeSpan.FromHours(1)));

    public static IPAddress ClientAddress { get; } = IPAddress.Parse(Client);

    private static string Header() => string.Join(
        "\r\n",
        "Received: from mail.example.org (mail.example.org [203.0.113.7])",
        "\tby mx.lists.example with ESMTPS id 4f2c81; Fri, 15 Jan 2027 08:00:02 +0000",
        "From: Ann Author <ann@example.org>",
        "To: The list <list@lists.example>",
        "Subject: Is dinner ready, and if so, who is going to wash the dishes?",
        "Date: Fri, 15 Jan 2027 08:00:00 +0000",
        "Message-ID: <20270115080000.4f2c81@example.org>",
        "In-Reply-To: <20270114190000.77aa01@example.org>",
        "References: <20270113180000.1b@example.org> <20270114190000.77aa01@example.org>",
        "User-Agent: Example/1.0",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
        "");

    private static string Body()
    {
        var body = new StringBuilder();
        for (var word = 0; body.Length < Octets; word++)
        {
            body.Append(Words[word * 7 % Words.Length]).Append(word % 12 == 11 ? "\r\n" : " ");
        }

        return body.Append("\r\n").ToString();
    }
}
