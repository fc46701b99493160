using System.Buffers;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>Brings octets to the form that SMTP carries: CRLF and nothing else, no NUL (RFC 5321 §2.3.8, §4.5.2; SEC-7, SEC-9).</summary>
internal static class WireForm
{
    /// <summary>The message with its line ends right; the same message when they are.</summary>
    public static RawMessage Of(RawMessage message)
    {
        var octets = message.Octets.Span;
        var header = octets.Length - message.Body.Length;
        if (IsRight(octets) && (message.Body.Length > 0 || octets.IsEmpty || octets.EndsWith("\r\n"u8)))
        {
            return message;
        }

        var output = new ArrayBufferWriter<byte>(octets.Length + 1024);

        // In the header neither a line end nor white space may take their place: the one makes a field out of a field's text, the other
        // makes a field's text out of a field.
        Write(octets[..header], "?"u8, "?"u8, output);
        if (message.Body.IsEmpty && !output.WrittenSpan.EndsWith("\n"u8))
        {
            output.Write("\r\n"u8);
        }

        Write(octets[header..], "\r\n"u8, [], output);
        return RawMessage.Parse(output.WrittenMemory);
    }

    private static bool IsRight(ReadOnlySpan<byte> octets)
    {
        for (var i = 0; octets[i..].IndexOfAny((byte)'\r', (byte)'\n', (byte)0) is >= 0 and var at; i += at + 2)
        {
            if (!octets[(i + at)..].StartsWith("\r\n"u8))
            {
                return false;
            }
        }

        return true;
    }

    private static void Write(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> loneCr, ReadOnlySpan<byte> nul, IBufferWriter<byte> output)
    {
        while (octets.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) is >= 0 and var at)
        {
            output.Write(octets[..at]);
            var isPair = octets[at..].StartsWith("\r\n"u8);
            output.Write(octets[at] switch
            {
                (byte)'\n' => "\r\n"u8,
                (byte)'\r' => isPair ? "\r\n"u8 : loneCr,
                _ => nul,
            });
            octets = octets[(at + (isPair ? 2 : 1))..];
        }

        output.Write(octets);
    }
}
