using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists.Membership;

/// <summary>
/// What an answer to one of our questions must bring: 130 random bits in 26 letters and digits, so that it fits into a local part
/// and survives a change of case. Only its hash is kept (SEC-28).
/// </summary>
public static class ConfirmationToken
{
    /// <summary>How long a question waits for its answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>The length of every token.</summary>
    public const int Length = 26;

    private const int MaxLocalPart = 64;
    private const string Alphabet = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>A new token.</summary>
    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    /// <summary>The form that is kept: SHA-256 in lower-case hexadecimal digits. A token of 130 bits needs no salt.</summary>
    /// <param name="token">As it came back; white space around it and its case are ignored. Any text has a hash.</param>
    public static string Hash(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token.Trim().ToLowerInvariant())));
    }

    /// <summary>The address that takes the answer, or null for a list whose name leaves no room for a token within the 64 octets of RFC 5321 §4.5.3.1.1.</summary>
    public static string? AnswerAddress(MailingList list, string token)
    {
        ArgumentNullException.ThrowIfNull(list);
        var local = $"{list.LocalPart}-confirm+{token}";
        return local.Length <= MaxLocalPart ? $"{local}@{list.Domain}" : null;
    }
}
