using System.Buffers;

namespace ListServer.Smtp;

/// <summary>The name a peer gives in EHLO, HELO or LHLO.</summary>
internal static class HelloName
{
    private const int Longest = 255;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    /// <summary>
    /// True for a domain name or an address literal (RFC 5321 §4.1.1.1). An underscore passes, since many machines are called so and
    /// §4.1.4 wants no mail refused over this name; anything that could disturb a Received field does not.
    /// </summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= Longest
        && (name[0] == '[' ? AddressLiteral.IsValid(name) : !name.AsSpan().ContainsAnyExcept(Letters));
}
