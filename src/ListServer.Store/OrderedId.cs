using System.Buffers;
using System.Security.Cryptography;

namespace ListServer.Store;

/// <summary>Makes identifiers of 26 characters that sort by the time they were made: 48 bits of milliseconds, 80 random bits, in Crockford's base 32.</summary>
/// <remarks>Safe for concurrent use. Two made in the same millisecond sort either way round.</remarks>
public static class OrderedId
{
    /// <summary>The length of every identifier.</summary>
    public const int Length = 26;

    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly SearchValues<char> AllDigits = SearchValues.Create(Digits);

    /// <summary>A new identifier for the present moment.</summary>
    public static string New(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        return Format(time.GetUtcNow(), random);
    }

    /// <summary>True for 26 characters of the alphabet: such a text is safe as a file name.</summary>
    public static bool IsValid(string? text) => text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(AllDigits);

    private static string Format(DateTimeOffset at, ReadOnlySpan<byte> random)
    {
        var value = (UInt128)at.ToUnixTimeMilliseconds();
        foreach (var octet in random)
        {
            value = (value << 8) | octet;
        }

        Span<char> text = stackalloc char[Length];
        for (var i = Length - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(value & 31)];
            value >>= 5;
        }

        return new string(text);
    }
}
