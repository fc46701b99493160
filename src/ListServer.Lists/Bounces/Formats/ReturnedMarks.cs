namespace ListServer.Lists.Bounces.Formats;

/// <summary>Lines at which a notice in plain words ends and the returned message begins.</summary>
internal static class ReturnedMarks
{
    // Behind dashes, stars or bars.
    private static readonly string[] Ruled =
    [
        "this is a copy of", "below this line", "below the next line", "enclosed is a copy", "original message", "original mail", "attachment is a copy",
        "mensaje original", "the header of the original", "returned message", "returned mail", "unsent message", "message text follows", "message header",
        "undelivered message", "a copy of the message", "your message follows", "included is a copy", "original header", "forwarded message", "end of message",
    ];

    // A line of their own.
    private static readonly string[] Plain =
    [
        "received:", "return-path:", "original message follows", "original message:", "original message headers:", "original message header:", "message headers follow",
        "a copy of the original message", "below is a copy of the original message", "included is a copy of the message", "the first 50 lines of your original message",
        "your message reads (in part)", "old message:", "message header follows", "original message attached", "--- original message",
    ];

    /// <summary>Whether the returned message begins with this line.</summary>
    public static bool Begins(string line)
    {
        var text = line.AsSpan().Trim();
        foreach (var mark in Plain)
        {
            if (text.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        if (text is not (['-', '-', '-', ..] or ['*', '*', '*', ..] or ['|', '-', ..] or ['=', '=', '=', ..]))
        {
            return false;
        }

        var words = text.Trim("-*|=: ");
        foreach (var mark in Ruled)
        {
            if (words.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
