using System.Text;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;

namespace ListServer.Fuzz;

/// <summary>All that is done about the signatures and seals of one message, against <see cref="HostileZone"/>.</summary>
internal static class Verification
{
    private static readonly HostileZone Zone = new();
    private static readonly SigningIdentity Identity = new("lists.example", "r1", HostileZone.Rsa);

    /// <summary>A message with a signature for each kind of key, and a chain of two sets; the signature of the good key verifies.</summary>
    public static string Seed { get; } = Encoding.Latin1.GetString(MakeSeed());

    /// <summary>Verifies as on arrival, again as before departure, and seals.</summary>
    public static void Run(byte[] octets)
    {
        var message = RawMessage.Parse(octets);
        var signatures = new DkimVerifier(Zone).VerifyAsync(message).GetAwaiter().GetResult();
        var chain = new ArcVerifier(Zone).VerifyAsync(message).GetAwaiter().GetResult();
        _ = DkimVerifier.VerifyAgain(message, signatures, DateTimeOffset.UnixEpoch);

        _ = new ArcSealer(Identity).TrySeal(message, chain, "lists.example; none", out _, out _);
    }

    /// <summary>Signs and seals whatever it is, and holds what was made to the rules: it verifies, and no line is longer than RFC 5322 §2.1.1 allows.</summary>
    public static void Sign(byte[] octets)
    {
        if (octets is [(byte)' ' or (byte)'\t', ..])
        {
            return; // what begins so would continue the field that is put above it
        }

        var field = new DkimSigner(Identity).Sign(RawMessage.Parse(octets));
        HoldLines(field);
        var signed = RawMessage.Parse((byte[])[.. field, .. octets]);
        Hold(new DkimVerifier(Zone).VerifyAsync(signed).GetAwaiter().GetResult()[0], r => r.Verdict is DkimVerdict.Pass || IsOverCaps(signed, field), r => r.Reason);

        var arrived = new ArcVerifier(Zone).VerifyAsync(signed).GetAwaiter().GetResult();
        if (new ArcSealer(Identity).TrySeal(signed, arrived, "lists.example; none", out var set, out _))
        {
            HoldLines(set.ToOctets());
            var message = RawMessage.Parse((byte[])[.. set.ToOctets(), .. signed.Octets.Span]);
            var chain = new ArcVerifier(Zone).VerifyAsync(message).GetAwaiter().GetResult();
            Hold(chain, c => c.Verdict is ArcVerdict.Pass == arrived.Verdict is not ArcVerdict.Fail || IsOverCaps(message, set.ToOctets()), c => c.Reason);
        }
    }

    private static bool IsOverCaps(RawMessage message, byte[] field) => message.HeaderOctets > 512 * 1024 || field.Count(o => o == ':') > 2000;

    private static void HoldLines(byte[] field) =>
        Hold(Encoding.Latin1.GetString(field).Split("\r\n").Max(l => l.Length), l => l <= 998, l => $"a line of {l} octets");

    private static void Hold<T>(T value, Func<T, bool> rule, Func<T, string> fault)
    {
        if (!rule(value))
        {
            throw new InvalidOperationException(fault(value));
        }
    }

    private static byte[] MakeSeed()
    {
        var octets = "From: A <a@b.example>\r\nTo: c@d.example\r\nSubject: a  b\r\n c\r\nX-A: d\r\n\r\nHi  there. \r\n\r\nBye\r\n"u8.ToArray();
        octets = [.. new DkimSigner(Identity).Sign(RawMessage.Parse(octets)), .. octets];
        octets = [.. new DkimSigner(new SigningIdentity("d.example", "e1", HostileZone.Ed25519)).Sign(RawMessage.Parse(octets)), .. octets];
        octets = [.. "mhxlo".SelectMany(s => Broken(s, octets)), .. octets];
        for (var i = 0; i < 2; i++)
        {
            octets = Sealed(octets, i, "lists.example; none");
        }

        return octets;
    }

    /// <summary>The good signature under a selector where it meets other keys.</summary>
    private static byte[] Broken(char selector, byte[] octets) =>
        Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(new DkimSigner(Identity).Sign(RawMessage.Parse(octets))).Replace("s=r1", "s=" + selector, StringComparison.Ordinal));

    /// <summary>The message under one more set.</summary>
    public static byte[] Sealed(byte[] octets, int setsBelow, string results, ArcSealingOptions? options = null, string selector = "r1")
    {
        var arrived = new ArcResult(setsBelow == 0 ? ArcVerdict.None : ArcVerdict.Pass, setsBelow, 0, [], false, "");
        return new ArcSealer(new SigningIdentity(Identity.Domain, selector, HostileZone.Rsa), options).TrySeal(RawMessage.Parse(octets), arrived, results, out var set, out var refusal)
            ? [.. set.ToOctets(), .. octets]
            : throw new InvalidOperationException(refusal);
    }
}
