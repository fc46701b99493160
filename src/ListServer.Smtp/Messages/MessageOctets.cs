namespace ListServer.Smtp;

/// <summary>What the doors refuse of a message for its octets alone, for those who ask before they send.</summary>
public static class MessageOctets
{
    /// <summary>The reply to a message that is too large, or holds what no line may; null when its octets can be taken.</summary>
    /// <param name="octets">The whole message.</param>
    /// <param name="maxSize">The most octets that are taken.</param>
    public static SmtpReply? Refusal(ReadOnlySpan<byte> octets, long maxSize)
    {
        if (octets.Length > maxSize)
            return Replies.For(MessageFault.TooLarge);
        var lines = new LineEndings();
        var fault = lines.Check(octets);
        if (fault == MessageFault.None)
            fault = lines.CheckEnd();
        return fault == MessageFault.None ? null : Replies.For(fault);
    }
}
