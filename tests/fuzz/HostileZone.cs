using System.Collections.Immutable;
using System.Formats.Asn1;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Fuzz;

/// <summary>Key records that an attacker publishes to make verification dear; the first letter of the selector says which.</summary>
internal sealed class HostileZone : IDnsResolver
{
    /// <summary>The key at the selectors that begin with "r".</summary>
    public static SigningKey Rsa { get; } = SigningKey.GenerateRsa();

    /// <summary>The key at the selectors that begin with "e".</summary>
    public static SigningKey Ed25519 { get; } = SigningKey.GenerateEd25519();

    private static readonly ImmutableDictionary<char, DnsAnswer> Answers = new Dictionary<char, DnsAnswer>
    {
        ['r'] = Texts(Rsa.DnsRecord),
        ['e'] = Texts(Ed25519.DnsRecord),
        ['m'] = Texts([.. Enumerable.Range(0, 100).Select(i => Key(256, [1, 0, 1], i))]),
        ['k'] = Texts([.. Enumerable.Range(0, 15).Select(i => Key(512, [1, 0, 1], i)), Rsa.DnsRecord]),
        ['h'] = Texts([.. Enumerable.Range(0, 10).Select(i => Key(1024, [0xFF, 0xFF, 0xFF, 0xFF], i))]),
        ['x'] = Texts([.. Enumerable.Range(0, 10).Select(i => Key(512, [.. Enumerable.Repeat((byte)0xF7, 512)], i))]),
        ['l'] = Texts("v=DKIM1; p=" + new string('A', 65_000), string.Concat(Enumerable.Repeat("t=s:", 16_000)), new string(';', 65_000)),
        ['t'] = Texts(Rsa.DnsRecord.Replace("v=DKIM1;", "v=DKIM1; t=" + string.Concat(Enumerable.Repeat("a:", 1700)) + "y;", StringComparison.Ordinal)),
        ['o'] = Texts("v=DKIM1; k=ed25519; p=AAAA", "p=", "v=spf1 -all", Key(16, [3], 0), Key(256, [0], 0), Key(256, [2], 1), Rsa.DnsRecord),
    }.ToImmutableDictionary();

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Answers.GetValueOrDefault(name[0]) ?? new DnsAnswer(DnsStatus.NxDomain, [], TimeSpan.Zero));

    private static DnsAnswer Texts(params string[] texts) => new(DnsStatus.Success, [.. texts.Select(t => new TxtRecord(t))], TimeSpan.FromHours(1));

    private static string Key(int octets, byte[] exponent, int number)
    {
        var modulus = new byte[octets];
        Array.Fill(modulus, (byte)0xC5);
        modulus[octets / 2] = (byte)number;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteIntegerUnsigned(exponent);
        }

        return "v=DKIM1; p=" + Convert.ToBase64String(writer.Encode());
    }
}
