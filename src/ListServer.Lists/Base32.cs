namespace ListServer.Lists;

/// <summary>Octets as letters and digits that survive a change of case (RFC 4648 §6), without padding.</summary>
public static class Base32
{
    /// <summary>The digits, in the order of their values.</summary>
    public const string Digits = "abcdefghijklmnopqrstuvwxyz234567";

    private const int DigitBits = 5;

    /// <summary>The octets in lower case.</summary>
    public static string Text(ReadOnlySpan<byte> octets)
    {
        var text = new char[((octets.Length * 8) + DigitBits - 1) / DigitBits];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = Digits[Five(octets, i * DigitBits)];
        }

        return new string(text);
    }

    private static int Five(ReadOnlySpan<byte> octets, int bit)
    {
        var two = (octets[bit / 8] << 8) | (bit / 8 + 1 < octets.Length ? octets[(bit / 8) + 1] : 0);
        return (two >> (11 - (bit % 8))) & 31;
    }
}
