namespace ListServer.Smtp;

/// <summary>One SMTP reply (RFC 5321 §4.2) with its enhanced status code (RFC 3463).</summary>
/// <param name="Code">Three digits, 200 to 599.</param>
/// <param name="EnhancedCode">Such as 5.1.1; empty where RFC 2034 wants none.</param>
/// <param name="Text">Printable ASCII; a line feed starts another reply line.</param>
public sealed record SmtpReply(int Code, string EnhancedCode, string Text)
{
    /// <summary>2.0.0 with the given text.</summary>
    public static SmtpReply Ok(string text = "OK") => new(250, "2.0.0", text);

    /// <summary>True for 4yz: the client may try again.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>True for 2yz and 3yz.</summary>
    public bool IsPositive => Code < 400;
}
