using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ListServer.Hosting;

/// <summary>
/// Puts a hash where a log would name a person's address: the same one for the same address until the server stops, and another after that, so that
/// lines can be told apart and nobody can be found by trying addresses. The domain stays.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class AddressMask
{
    private const int HashOctets = 6;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The text with every address in it masked but one, that of a list; null for none.</summary>
    public string Apply(string text, string? list) => text.Contains('@', StringComparison.Ordinal)
        ? Address().Replace(text, found => found.Value.Equals(list, StringComparison.OrdinalIgnoreCase) ? found.Value : $"#{Hash(found.Value)}@{found.Groups["domain"].Value}")
        : text;

    private string Hash(string address) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(address.ToLowerInvariant())).AsSpan(0, HashOctets));

    [GeneratedRegex("""(?:"[^"\r\n]{1,64}"|[^\s<>"(),:;\[\]@\\]{1,256})@(?<domain>\[[^\s\]]*\]|[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)""", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
