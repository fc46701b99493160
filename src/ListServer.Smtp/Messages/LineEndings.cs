using System.Buffers;

namespace ListServer.Smtp;

/// <summary>
/// Looks for what must not stand in a message: CR and LF but together, and NUL (RFC 5321 §2.3.8, RFC 5322 §2.3 and §4). Others read a line
/// end, or a message's end, into them: that is how mail is smuggled (SEC-7).
/// </summary>
internal sealed class LineEndings
{
    private static readonly SearchValues<byte> Suspects = SearchValues.Create("\r\n\0"u8);

    private bool _isAfterCarriageReturn;

    /// <summary>Looks at the next octets of the message.</summary>
    public MessageFault Check(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return MessageFault.None;
        if (_isAfterCarriageReturn)
        {
            if (octets[0] != (byte)'\n')
                return MessageFault.BareCarriageReturn;
            octets = octets[1..];
            _isAfterCarriageReturn = false;
        }
        int at;
        while ((at = octets.IndexOfAny(Suspects)) >= 0)
        {
            if (octets[at] != (byte)'\r')
                return octets[at] == 0 ? MessageFault.Nul : MessageFault.BareLineFeed;
            if (at + 1 == octets.Length)
            {
                _isAfterCarriageReturn = true;
                return MessageFault.None;
            }
            if (octets[at + 1] != (byte)'\n')
                return MessageFault.BareCarriageReturn;
            octets = octets[(at + 2)..];
        }
        return MessageFault.None;
    }

    /// <summary>To be asked when the message is over.</summary>
    public MessageFault CheckEnd() => _isAfterCarriageReturn ? MessageFault.BareCarriageReturn : MessageFault.None;
}
