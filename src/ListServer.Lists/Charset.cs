using System.Runtime.CompilerServices;
using System.Text;

namespace ListServer.Lists;

/// <summary>The character sets that mail is written in.</summary>
internal static class Charset
{
    // .NET knows the East Asian and Cyrillic ones only when asked to. MimeKit looks once, at its first use of any charset, which
    // may come before anything here: so it is done as soon as this room is entered at all.
#pragma warning disable CA2255 // The room is part of one program, not a library for others.
    [ModuleInitializer]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
#pragma warning restore CA2255

    /// <summary>
    /// The encoding of that name, which throws where it can't hold a character; null when nobody knows it, or when text in it can't
    /// be continued by ASCII octets (UTF-16, UTF-7, HZ and the stateful ones but ISO-2022-JP).
    /// </summary>
    public static Encoding? Find(string name)
    {
        var known = name.ToLowerInvariant() switch
        {
            "cp932" or "windows-31j" or "ms_kanji" or "x-sjis" => "shift_jis",
            "utf8" => "utf-8",
            "ascii" => "us-ascii",
            var other => other,
        };
        if (known.StartsWith("utf-7", StringComparison.Ordinal) || known.StartsWith("hz-", StringComparison.Ordinal)
            || (known.StartsWith("iso-2022", StringComparison.Ordinal) && known != "iso-2022-jp"))
        {
            return null;
        }

        try
        {
            var encoding = Encoding.GetEncoding(known, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return encoding.GetBytes("aZ09-_\r\n").AsSpan().SequenceEqual("aZ09-_\r\n"u8) ? encoding : null;
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
