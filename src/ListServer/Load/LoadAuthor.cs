using System.Text;
using ListServer.Demo;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Reception;

namespace ListServer.Load;

/// <summary>Writes the posts of a load run: signed by the author's domain, SPF and DMARC published.</summary>
internal sealed class LoadAuthor(TimeProvider time) : IDisposable
{
    public const string Address = "author@author.example";
    private readonly SigningIdentity _identity = new("author.example", "load", SigningKey.GenerateRsa());

    /// <summary>Puts the author's domain into the DNS.</summary>
    public void Publish(DemoDns dns)
    {
        dns.AddText("author.example", "v=spf1 ip4:127.0.0.0/8 -all");
        dns.AddText("_dmarc.author.example", "v=DMARC1; p=reject");
        dns.AddText(_identity.DnsName, _identity.Key.DnsRecord);
    }

    /// <summary>A post of about so many octets.</summary>
    public byte[] Write(string list, int octets)
    {
        var header = $"From: {Address}\r\nTo: {list}\r\nSubject: A post under load\r\nDate: {ReceivedField.Date(time.GetUtcNow())}\r\n"
            + $"Message-ID: <{Guid.NewGuid():N}@author.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n";
        const string line = "This line is one of many that a post under load is made of, all alike.\r\n";
        var post = Encoding.ASCII.GetBytes(header + string.Concat(Enumerable.Repeat(line, Math.Max(1, (octets - header.Length) / line.Length))));
        return [.. new DkimSigner(_identity, time: time).Sign(RawMessage.Parse(post)), .. post];
    }

    /// <inheritdoc/>
    public void Dispose() => _identity.Key.Dispose();
}
