using System.Text;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;

namespace ListServer.Demo;

/// <summary>A message of the demo, ready for the wire.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="MailFrom">Its reverse-path.</param>
/// <param name="Helo">The name its client gives.</param>
/// <param name="Octets">The message.</param>
/// <param name="MessageId">Its Message-ID.</param>
internal sealed record DemoPost(string Title, string MailFrom, string Helo, byte[] Octets, string MessageId);

/// <summary>Three people who write to the demo's list: one with p=none, one with p=reject, and one who only says so.</summary>
internal sealed class DemoAuthors(DemoDns dns, TimeProvider time) : IDisposable
{
    public const string List = "talk@lists.example";
    private const string Selector = "demo";

    private readonly SigningIdentity _friendly = new("friendly.example", Selector, SigningKey.GenerateRsa());
    private readonly SigningIdentity _strict = new("strict.example", Selector, SigningKey.GenerateRsa());

    /// <summary>Puts the authors' domains into the demo's DNS.</summary>
    public void Publish()
    {
        dns.AddText("friendly.example", "v=spf1 ip4:127.0.0.0/8 -all");
        dns.AddText("_dmarc.friendly.example", "v=DMARC1; p=none");
        dns.AddText(_friendly.DnsName, _friendly.Key.DnsRecord);

        // strict.example sends from elsewhere only: what comes from here passes by its signature, or not at all.
        dns.AddText("strict.example", "v=spf1 ip4:192.0.2.0/24 -all");
        dns.AddText("_dmarc.strict.example", "v=DMARC1; p=reject");
        dns.AddText(_strict.DnsName, _strict.Key.DnsRecord);
        dns.AddText("elsewhere.example", "v=spf1 ip4:127.0.0.0/8 -all");
    }

    /// <summary>The three posts.</summary>
    public IEnumerable<DemoPost> Posts() =>
    [
        Signed("Aiko writes; friendly.example publishes p=none", "Aiko Sato <aiko@friendly.example>", "会場について", "会場は駅の前です。\r\nThe room is booked for Friday.\r\n", _friendly),
        Signed("Ken writes; strict.example publishes p=reject", "Ken Mori <ken@strict.example>", "Agenda for Friday", "Please add your points to the agenda.\r\n", _strict),
        Forged(),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _friendly.Key.Dispose();
        _strict.Key.Dispose();
    }

    private DemoPost Signed(string title, string from, string subject, string body, SigningIdentity identity)
    {
        var (octets, id) = Write(from, subject, body, identity.Domain);
        byte[] signature = new DkimSigner(identity, time: time).Sign(RawMessage.Parse(octets));
        var address = from[(from.IndexOf('<', StringComparison.Ordinal) + 1)..^1];
        return new DemoPost(title, address, "mail." + identity.Domain, [.. signature, .. octets], id);
    }

    private DemoPost Forged()
    {
        var (octets, id) = Write("Ken Mori <ken@strict.example>", "Urgent: change of bank account", "Pay here from now on.\r\n", "elsewhere.example");
        return new DemoPost("Somebody writes as Ken, unsigned, from elsewhere.example", "mallory@elsewhere.example", "mail.elsewhere.example", octets, id);
    }

    private (byte[] Octets, string Id) Write(string from, string subject, string body, string domain)
    {
        var id = $"<{Guid.NewGuid():N}@{domain}>";
        var text = $"From: {from}\r\nTo: {List}\r\nSubject: {Encode(subject)}\r\nDate: {Reception.ReceivedField.Date(time.GetUtcNow())}\r\n"
            + $"Message-ID: {id}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}";
        return (Encoding.UTF8.GetBytes(text), id);
    }

    // RFC 2047 §4.1.
    private static string Encode(string subject) =>
        Ascii.IsValid(subject) ? subject : $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject))}?=";
}
