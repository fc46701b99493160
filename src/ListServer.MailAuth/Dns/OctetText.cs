using System.Text;

namespace ListServer.MailAuth.Dns;

/// <summary>Strings in which each char is one octet (Latin-1), and their reading as UTF-8.</summary>
internal static class OctetText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The octets read as UTF-8; false when they are not UTF-8.</summary>
    public static bool TryReadUtf8(string octets, out string text)
    {
        text = octets;
        if (Ascii.IsValid(octets))
        {
            return true;
        }

        try
        {
            text = Strict.GetString(Encoding.Latin1.GetBytes(octets));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
