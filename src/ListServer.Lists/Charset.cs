using System.Text;

namespace ListServer.Lists;

/// <summary>The character sets that mail is written in.</summary>
internal static class Charset
{
    // .NET knows the East Asian and Cyrillic ones only when asked to; MimeKit looks them up in the same place.
    static Charset() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Makes sure that MimeKit finds all character sets.</summary>
    public static void Register() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(Charset).TypeHandle);

    /// <summary>The encoding of that name, which throws where it can't hold a character, or null when nobody knows it.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            // RFC 1468 text is written by many as one of its relatives; cp932 is what others call Windows-31J.
            return Encoding.GetEncoding(
                name.ToLowerInvariant() is "cp932" or "windows-31j" or "ms_kanji" ? "shift_jis" : name,
                EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            // Encoding has no TryGetEncoding: an unknown name ends here.
            return null;
        }
    }

    /// <summary>The text's octets, or null when the character set can't hold it or does not give it back the same.</summary>
    public static byte[]? TryEncode(Encoding encoding, string text)
    {
        try
        {
            var octets = encoding.GetBytes(text);
            return encoding.GetString(octets) == text ? octets : null;
        }
        catch (Exception e) when (e is EncoderFallbackException or DecoderFallbackException)
        {
            return null;
        }
    }
}
