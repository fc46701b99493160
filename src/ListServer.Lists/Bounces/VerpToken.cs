using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists.Bounces;

/// <summary>
/// What makes a reverse-path a member's own (variable envelope return path): the day it was made, a keyed hash of the subscription, and a
/// keyed hash over both. A return to such an address is about that member, whatever stands in it; without our secret nobody makes one (SEC-20).
/// </summary>
/// <param name="Day">The day on which it was made, from 1970 on; two octets of it.</param>
/// <param name="Subscription">A keyed hash of the list and the member's address.</param>
/// <param name="IsProbe">True for that of a probe: a return is about the suspended member's probe of that day, and no copy.</param>
public readonly record struct VerpToken(ushort Day, ulong Subscription, bool IsProbe = false)
{
    /// <summary>How many days a token is taken: copies wait five, and a report comes within days of the last attempt (AUTH-54).</summary>
    public const int LifetimeInDays = 14;

    /// <summary>Characters of a token.</summary>
    public const int Length = 29;

    private const string Bounces = "-bounces+";
    private const int DayLength = 2;
    private const int SubscriptionLength = 6;
    private const int Signed = DayLength + SubscriptionLength;
    private const int Octets = Signed + 10;

    // RFC 5321 §4.5.3.1.1.
    private const int LongestLocalPart = 64;

    /// <summary>
    /// The reverse-path for a member's copy: LIST-bounces+TOKEN@domain; with the list's short name (<see cref="ListAddress.ShortNameOf"/>) where its
    /// own is so long that the local part would have more than 64 octets.
    /// </summary>
    /// <param name="secret">The server's secret, 32 octets.</param>
    /// <param name="list">The posting address.</param>
    /// <param name="address">The member's address.</param>
    /// <param name="at">When the copy was queued: the same for each attempt.</param>
    /// <param name="isProbe">True for a probe.</param>
    public static string ReversePath(ReadOnlySpan<byte> secret, string list, string address, DateTimeOffset at, bool isProbe = false)
    {
        var name = NeedsShortName(list) ? ListAddress.ShortNameOf(list) : list;
        var split = name.LastIndexOf('@');
        return $"{name[..split]}{Bounces}{Make(secret, list, address, at, isProbe)}{name[split..]}";
    }

    /// <summary>True for a list whose own name leaves no room for a token.</summary>
    /// <param name="list">The posting address.</param>
    public static bool NeedsShortName(string list) => list.LastIndexOf('@') + Bounces.Length + Length > LongestLocalPart;

    /// <summary>Makes the token.</summary>
    public static string Make(ReadOnlySpan<byte> secret, string list, string address, DateTimeOffset at, bool isProbe = false)
    {
        Span<byte> token = stackalloc byte[Octets];
        BinaryPrimitives.WriteUInt16BigEndian(token, DayOf(at));
        HashOf(secret, list, address, token[DayLength..Signed]);
        Sign(secret, list, isProbe, token[..Signed], token[Signed..]);
        return Base32.Text(token);
    }

    /// <summary>Reads a token of this list, whatever its case: mail programs change it. False for what is forged, too old, or another list's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> secret, string list, string text, DateTimeOffset now, out VerpToken token)
    {
        token = default;
        Span<byte> octets = stackalloc byte[Octets];
        Span<byte> expected = stackalloc byte[Octets - Signed];
        if (!TryFromText(text, octets))
        {
            return false;
        }

        var isProbe = false;
        Sign(secret, list, isProbe, octets[..Signed], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, octets[Signed..]))
        {
            isProbe = true;
            Sign(secret, list, isProbe, octets[..Signed], expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, octets[Signed..]))
            {
                return false;
            }
        }

        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        octets[DayLength..Signed].CopyTo(wide[(sizeof(ulong) - SubscriptionLength)..]);
        token = new VerpToken(BinaryPrimitives.ReadUInt16BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(wide), isProbe);
        return (ushort)(DayOf(now) - token.Day) <= LifetimeInDays;
    }

    /// <summary>True when the token was made for this member of the list.</summary>
    public bool Names(ReadOnlySpan<byte> secret, string list, string address)
    {
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        HashOf(secret, list, address, wide[(sizeof(ulong) - SubscriptionLength)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(wide) == Subscription;
    }

    /// <summary>True when it was made on that day.</summary>
    public bool IsOf(DateTimeOffset at) => Day == DayOf(at);

    private static ushort DayOf(DateTimeOffset at) => (ushort)(at.ToUnixTimeSeconds() / 86_400);

    private static void HashOf(ReadOnlySpan<byte> secret, string list, string address, Span<byte> hash) =>
        Hash(secret, Encoding.UTF8.GetBytes($"verp subscription\n{list}\n{address}".ToLowerInvariant()), hash);

    private static void Sign(ReadOnlySpan<byte> secret, string list, bool isProbe, ReadOnlySpan<byte> signed, Span<byte> signature) =>
        Hash(secret, Encoding.UTF8.GetBytes($"verp {(isProbe ? "probe" : "token")}\n{list}\n{Convert.ToHexString(signed)}".ToLowerInvariant()), signature);

    private static void Hash(ReadOnlySpan<byte> secret, byte[] text, Span<byte> hash)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, text, whole);
        whole[..hash.Length].CopyTo(hash);
    }

    // Base32 (RFC 4648 §6), without padding: the case of a local part does not survive everywhere.
    private static bool TryFromText(string text, Span<byte> octets)
    {
        octets.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            var five = Base32.Digits.IndexOf(char.ToLowerInvariant(text[i]), StringComparison.Ordinal);
            if (text.Length != Length || five < 0)
            {
                return false;
            }

            var (at, shift) = (i * 5 / 8, 11 - (i * 5 % 8));
            octets[at] |= (byte)((five << shift) >> 8);
            if (at + 1 < octets.Length)
            {
                octets[at + 1] |= (byte)(five << shift);
            }
        }

        // The last character holds one bit more than the octets: two texts never stand for one token.
        return text.Length == Length && string.Equals(Base32.Text(octets), text, StringComparison.OrdinalIgnoreCase);
    }
}
