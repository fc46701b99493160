using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ListServer.Admin.People;

/// <summary>Codes of six digits that an app and the server both make of a shared secret and the time (RFC 6238, over RFC 4226).</summary>
internal static class Totp
{
    public const int SecretOctets = 20;
    private const int Digits = 6;
    private const int Modulus = 1_000_000;
    private const int StepSeconds = 30;
    private const int NonceOctets = 12;
    private const int TagOctets = 16;

    /// <summary>The half minute of a time.</summary>
    public static long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a half minute (RFC 4226 §5.3).</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238 §1.2: what apps compute is HMAC-SHA-1
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The half minute of which the code is; null for none that is now, just was, or comes next (RFC 6238 §5.2).</summary>
    public static long? Find(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1 && code.Length == Digits; step++)
        {
            found = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(secret, step)), Encoding.UTF8.GetBytes(code)) ? step : found;
        }

        return found;
    }

    /// <summary>The secret as it is kept (SEC-28).</summary>
    public static byte[] Seal(AdminContext context, string address, ReadOnlySpan<byte> secret)
    {
        var sealedSecret = new byte[NonceOctets + TagOctets + secret.Length];
        RandomNumberGenerator.Fill(sealedSecret.AsSpan(0, NonceOctets));
        using var cipher = new AesGcm(Key(context), TagOctets);
        cipher.Encrypt(sealedSecret.AsSpan(0, NonceOctets), secret, sealedSecret.AsSpan(NonceOctets + TagOctets), sealedSecret.AsSpan(NonceOctets, TagOctets), Bound(address));
        return sealedSecret;
    }

    /// <summary>The secret again.</summary>
    public static byte[] Open(AdminContext context, string address, ReadOnlySpan<byte> sealedSecret)
    {
        var secret = new byte[sealedSecret.Length - NonceOctets - TagOctets];
        using var cipher = new AesGcm(Key(context), TagOctets);
        cipher.Decrypt(sealedSecret[..NonceOctets], sealedSecret[(NonceOctets + TagOctets)..], sealedSecret.Slice(NonceOctets, TagOctets), secret, Bound(address));
        return secret;
    }

    private static byte[] Bound(string address) => Encoding.UTF8.GetBytes(address.ToLowerInvariant());

    // Derived, so that it is no other use of the server's secret (RFC 5869).
    private static byte[] Key(AdminContext context) => HKDF.DeriveKey(HashAlgorithmName.SHA256, context.Store.Secret.ToArray(), 32, info: "totp"u8.ToArray());
}
