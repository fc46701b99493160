using System.Buffers;

namespace ListServer.MailAuth.Dkim;

/// <summary>Folding white space within tag lists (RFC 6376 §2.8).</summary>
internal static class Fws
{
    private static readonly SearchValues<byte> White = SearchValues.Create(" \t\r\n"u8);

    /// <summary>The length of the white space at the start: spaces, tabs and line ends. A CR without LF is none.</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length)
        {
            if (text[length] is (byte)' ' or (byte)'\t' or (byte)'\n')
            {
                length++;
            }
            else if (text[length] == '\r' && length + 1 < text.Length && text[length + 1] == '\n')
            {
                length += 2;
            }
            else
            {
                break;
            }
        }

        return length;
    }

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        text = text[Length(text)..];
        while (text is [.., (byte)' ' or (byte)'\t' or (byte)'\n'])
        {
            text = text is [.., (byte)'\r', (byte)'\n'] ? text[..^2] : text[..^1];
        }

        return text;
    }

    /// <summary>Base64 with white space anywhere and padding optional (RFC 6376 §2.10); null when it is not that, or empty.</summary>
    public static byte[]? Base64(ReadOnlySpan<byte> text)
    {
        var compact = new byte[text.Length + 2];
        var length = 0;
        while (!text.IsEmpty)
        {
            text = text[Length(text)..];
            if (text.IsEmpty)
            {
                break;
            }

            // The first octet is no white space here; if it is a CR, it is copied and makes the value none.
            var run = text[1..].IndexOfAny(White) is var white and >= 0 ? white + 1 : text.Length;
            text[..run].CopyTo(compact.AsSpan(length));
            length += run;
            text = text[run..];
        }

        if (length % 4 is var tail and > 1)
        {
            compact.AsSpan(length, 4 - tail).Fill((byte)'=');
            length += 4 - tail;
        }

        var status = System.Buffers.Text.Base64.DecodeFromUtf8InPlace(compact.AsSpan(0, length), out var written);
        return status == OperationStatus.Done && written > 0 ? compact[..written] : null;
    }
}
