using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists.Membership;

/// <summary>
/// Opaque tokens for links in mail, that name one subscription and one purpose. The same subscription always gets the same token,
/// so a copy that is sent again has the same octets; nothing has to be kept.
/// </summary>
/// <remarks>
/// AES-256-GCM whose nonce is derived from what is encrypted (a synthetic IV): two equal tokens say only that their contents are equal.
/// </remarks>
public static class MemberToken
{
    /// <summary>The purpose of the one-click link in List-Unsubscribe (RFC 8058).</summary>
    public const string Leave = "leave";

    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Makes the token, in base64url.</summary>
    /// <param name="secret">The server's secret, 32 octets.</param>
    /// <param name="purpose">What the token may be used for; without a line feed.</param>
    /// <param name="list">The posting address.</param>
    /// <param name="address">The member's address.</param>
    public static string Make(ReadOnlySpan<byte> secret, string purpose, string list, string address)
    {
        var plain = Encoding.UTF8.GetBytes($"{purpose}\n{list}\n{address}");
        var token = new byte[NonceLength + plain.Length + TagLength];
        var (nonce, cipher, tag) = Parts(token);
        Nonce(secret, plain).CopyTo(nonce.Span);
        using var aes = new AesGcm(EncryptionKey(secret), TagLength);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Reads a token that was made for the purpose; false for any other text.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> secret, string purpose, string text, out string list, out string address)
    {
        (list, address) = ("", "");
        if (text.Length > 1_000 || !Base64Url.IsValid(text))
        {
            return false;
        }

        var token = Base64Url.DecodeFromChars(text);
        if (token.Length <= NonceLength + TagLength)
        {
            return false;
        }

        var (nonce, cipher, tag) = Parts(token);
        var plain = new byte[cipher.Length];
        try
        {
            using var aes = new AesGcm(EncryptionKey(secret), TagLength);
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            // AesGcm has no TryDecrypt: somebody made this text, not we.
            return false;
        }

        if (Encoding.UTF8.GetString(plain).Split('\n') is not [var madeFor, var itsList, var itsAddress] || madeFor != purpose)
        {
            return false;
        }

        (list, address) = (itsList, itsAddress);
        return true;
    }

    private static (Memory<byte> Nonce, Memory<byte> Cipher, Memory<byte> Tag) Parts(byte[] token) =>
        (token.AsMemory(0, NonceLength), token.AsMemory(NonceLength..^TagLength), token.AsMemory(token.Length - TagLength));

    private static byte[] EncryptionKey(ReadOnlySpan<byte> secret) => HMACSHA256.HashData(secret, "member token: encryption"u8);

    private static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> secret, byte[] plain) =>
        HMACSHA256.HashData(HMACSHA256.HashData(secret, "member token: nonce"u8), plain).AsSpan(0, NonceLength);
}
