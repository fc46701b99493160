using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists.Archiving;

/// <summary>
/// The name under which a message stands in the archive: base 32 of the SHA-1 of its Message-ID without angle brackets, as Mailman 3 has it, so
/// that links into its archives go on to work. A name, no proof: whoever writes a message chooses its Message-ID anyway.
/// </summary>
public static class MessageIdHash
{
    /// <summary>The length of every name.</summary>
    public const int Length = 32;

    /// <summary>The name of a message.</summary>
    /// <param name="messageId">With or without its angle brackets.</param>
    public static string Of(string messageId)
    {
#pragma warning disable CA5350 // See above: a name, no proof.
        var hash = SHA1.HashData(Encoding.UTF8.GetBytes(messageId.Trim('<', '>')));
#pragma warning restore CA5350

        // 160 bits are 32 digits of 5.
        return Base32.Text(hash).ToUpperInvariant();
    }

    /// <summary>True for what may be a name: 32 of its digits, in either case.</summary>
    public static bool IsValid(string text) => text.Length == Length && text.All(c => Base32.Digits.Contains(char.ToLowerInvariant(c), StringComparison.Ordinal));
}
