using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests;

/// <summary>Small messages, keys and clocks for tests of signatures and seals.</summary>
internal static class Letters
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public const string Plain = """
        Received: from client.example (client.example [192.0.2.1])
         by mx.example; Fri, 15 Jan 2027 08:00:00 +0000
        From: Ann <ann@example.org>
        To: list@lists.example
        Subject: Is dinner ready?
        Date: Fri, 15 Jan 2027 08:00:00 +0000
        Message-ID: <1@example.org>
        List-Id: <list.lists.example>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        Hi.

        We lost the game.  Are you hungry yet?

        """;

    /// <summary>Made once: making an RSA key is slow.</summary>
    public static SigningKey Rsa { get; } = SigningKey.GenerateRsa();

    public static SigningKey Ed25519 { get; } = SigningKey.GenerateEd25519();

    public static SigningIdentity RsaIdentity { get; } = new("lists.example", "s1", Rsa);

    public static SigningIdentity Ed25519Identity { get; } = new("lists.example", "s2", Ed25519);

    public static ZoneResolver Zone => new ZoneResolver()
        .Txt(RsaIdentity.DnsName, Rsa.DnsRecord)
        .Txt(Ed25519Identity.DnsName, Ed25519.DnsRecord);

    public static FakeTimeProvider Clock => new(Now);

    /// <summary>The octets of a text, each of its line ends a CRLF and each char one octet.</summary>
    public static byte[] Octets(string text) =>
        Encoding.Latin1.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));

    public static RawMessage Message(string text = Plain) => RawMessage.Parse(Octets(text));

    /// <summary>The message with fields put on top.</summary>
    public static RawMessage Under(this RawMessage message, params byte[][] fields) =>
        RawMessage.Parse((byte[])[.. fields.SelectMany(f => f), .. message.Octets.Span]);

    /// <summary>The message with one part of its text replaced, which must be there.</summary>
    public static RawMessage With(this RawMessage message, string part, string other)
    {
        var text = Encoding.Latin1.GetString(message.Octets.Span);
        text.ShouldContain(part);
        return RawMessage.Parse(Encoding.Latin1.GetBytes(text.Replace(part, other, StringComparison.Ordinal)));
    }

    public static string Text(this RawMessage message) => Encoding.Latin1.GetString(message.Octets.Span);

    public static Task<ImmutableArray<DkimResult>> VerifyAsync(RawMessage message, IDnsResolver? zone = null, DkimVerificationOptions? options = null) =>
        new DkimVerifier(zone ?? Zone, options, Clock).VerifyAsync(message, TestContext.Current.CancellationToken);

    public static async Task<DkimResult> VerifyOneAsync(RawMessage message, IDnsResolver? zone = null) =>
        (await VerifyAsync(message, zone)).ShouldHaveSingleItem();
}
