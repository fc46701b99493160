namespace ListServer.Outbound;

/// <summary>One message on the wire: its own header block and a body that other copies may share.</summary>
/// <param name="Header">The header fields and the empty line behind them.</param>
/// <param name="Body">What follows the empty line.</param>
public sealed record CopyOctets(CopyPart Header, CopyPart Body)
{
    /// <summary>A message that shares nothing.</summary>
    public static CopyOctets Whole(ReadOnlyMemory<byte> message) => new(new CopyPart(message), CopyPart.Empty);

    /// <summary>True when BODY=8BITMIME is needed (RFC 6152 §3).</summary>
    public bool IsEightBit => Header.IsEightBit || Body.IsEightBit;

    /// <summary>The size for SIZE= (RFC 1870 §5): octets of the message, stuffed dots and the final dot not counted.</summary>
    public long Length => (long)Header.Octets.Length + Body.Octets.Length + (EndsInLineEnd ? 0 : 2);

    /// <summary>False when a CRLF has to be added before the final dot (RFC 5321 §4.1.1.4); no body hash changes by it (RFC 6376 §3.4.3).</summary>
    public bool EndsInLineEnd => Body.Octets.IsEmpty ? Header.EndsInLineEnd : Body.EndsInLineEnd;

    /// <summary>Why this copy must not be sent, or null.</summary>
    public string? Fault => Header switch
    {
        { Fault: { } fault } => fault + " in the header",
        { EndsInLineEnd: false } when !Body.Octets.IsEmpty => "a header block without a final line end",
        _ => Body.Fault is { } fault ? fault + " in the body" : null,
    };
}
