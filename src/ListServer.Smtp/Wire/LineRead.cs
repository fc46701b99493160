namespace ListServer.Smtp;

internal enum LineOutcome
{
    /// <summary>A line that ended in CRLF.</summary>
    Line,

    /// <summary>It was longer than allowed; it is behind us.</summary>
    TooLong,

    /// <summary>It held control characters, or octets that are not UTF-8.</summary>
    BadOctets,

    /// <summary>It ended in LF alone: what follows may not be meant for us.</summary>
    BareLineFeed,

    /// <summary>The peer has closed, broken off, flooded us, or was sent away.</summary>
    Gone,
}

/// <summary>What came of reading a line. <paramref name="Text"/> is empty but for <see cref="LineOutcome.Line"/>.</summary>
internal readonly record struct LineRead(LineOutcome Outcome, string Text = "");
