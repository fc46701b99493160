namespace ListServer.Smtp;

/// <summary>What the protocol itself answers; codes by RFC 5321 §4.2.3, RFC 3463 and the extension's own RFC.</summary>
internal static class Replies
{
    public static readonly SmtpReply Bye = new(221, "2.0.0", "Bye");
    public static readonly SmtpReply ReadyForTls = new(220, "2.0.0", "Ready to start TLS");
    public static readonly SmtpReply Authenticated = new(235, "2.7.0", "Authentication succeeded");
    public static readonly SmtpReply CannotVerify = new(252, "2.1.5", "Not verified; send mail and it will be tried");
    public static readonly SmtpReply Help = new(214, "2.0.0", "RFC 5321 is the help");
    public static readonly SmtpReply StartMail = new(354, "", "End data with <CR><LF>.<CR><LF>");

    public static readonly SmtpReply TooManyConnections = new(421, "4.7.0", "Too many connections from your network, try again later");
    public static readonly SmtpReply NoRoom = new(421, "4.3.2", "Too busy, try again later");
    public static readonly SmtpReply TimedOut = new(421, "4.4.2", "Timed out");
    public static readonly SmtpReply ShuttingDown = new(421, "4.3.2", "Shutting down, try again later");
    public static readonly SmtpReply InternalError = new(421, "4.3.0", "Internal error, try again later");
    public static readonly SmtpReply TooManyErrors = new(421, "4.7.0", "Too many errors");
    public static readonly SmtpReply TooMuchJunk = new(421, "4.7.0", "Too many commands without mail");
    public static readonly SmtpReply TooManyRecipients = new(452, "4.5.3", "Too many recipients");

    public static readonly SmtpReply LineTooLong = new(500, "5.5.2", "Line too long");
    public static readonly SmtpReply AuthLineTooLong = new(500, "5.5.6", "Authentication exchange line too long");
    public static readonly SmtpReply BadOctets = new(500, "5.5.2", "Control characters or invalid UTF-8 in command");
    public static readonly SmtpReply BareLineFeed = new(500, "5.5.2", "Lines must end in <CR><LF>");
    public static readonly SmtpReply UnknownCommand = new(500, "5.5.1", "Command not recognized");
    public static readonly SmtpReply NotMail = new(554, "5.5.1", "This is a mail server");
    public static readonly SmtpReply NoArgumentWanted = new(501, "5.5.4", "This command takes no argument");
    public static readonly SmtpReply ArgumentWanted = new(501, "5.5.4", "This command needs an argument");
    public static readonly SmtpReply BadHello = new(501, "5.5.4", "Not a host name or address literal");
    public static readonly SmtpReply BadReversePath = new(501, "5.1.7", "Syntax: MAIL FROM:<address>");
    public static readonly SmtpReply BadForwardPath = new(501, "5.1.3", "Syntax: RCPT TO:<address>");
    public static readonly SmtpReply BadChunk = new(501, "5.5.4", "Syntax: BDAT size [LAST]");
    public static readonly SmtpReply BadForward = new(501, "5.5.4", "Bad attribute");
    public static readonly SmtpReply NotOffered = new(502, "5.5.1", "Command not offered here");
    public static readonly SmtpReply UnknownMechanism = new(504, "5.5.4", "Unknown authentication mechanism");
    public static readonly SmtpReply HelloFirst = new(503, "5.5.1", "Say hello first");
    public static readonly SmtpReply MailFirst = new(503, "5.5.1", "Send MAIL first");
    public static readonly SmtpReply RecipientFirst = new(503, "5.5.1", "No valid recipients");
    public static readonly SmtpReply NoRecipients = new(554, "5.5.1", "No valid recipients");
    public static readonly SmtpReply NestedMail = new(503, "5.5.1", "A mail transaction is open already");
    public static readonly SmtpReply NotWithinMail = new(503, "5.5.1", "Not within a mail transaction");
    public static readonly SmtpReply ChunksBegun = new(503, "5.5.1", "The message has begun with BDAT");
    public static readonly SmtpReply ChunkAfterFailure = new(503, "5.5.1", "The message was refused already");
    public static readonly SmtpReply TlsAlready = new(503, "5.5.1", "TLS is active already");
    public static readonly SmtpReply AuthAlready = new(503, "5.5.1", "Authenticated already");
    public static readonly SmtpReply AuthRequired = new(530, "5.7.0", "Authentication required");
    public static readonly SmtpReply TlsRequired = new(530, "5.7.0", "Must issue a STARTTLS command first");
    public static readonly SmtpReply TlsForAuth = new(538, "5.7.11", "Encryption required for authentication");
    public static readonly SmtpReply BadCredentials = new(535, "5.7.8", "Authentication credentials invalid");
    public static readonly SmtpReply AuthCancelled = new(501, "5.7.0", "Authentication cancelled");
    public static readonly SmtpReply BadBase64 = new(501, "5.5.2", "Cannot decode the response");
    public static readonly SmtpReply NonAsciiSender = new(553, "5.6.7", "A sender that is not ASCII needs SMTPUTF8");
    public static readonly SmtpReply NonAsciiRecipient = new(553, "5.6.7", "A recipient that is not ASCII needs SMTPUTF8");
    public static readonly SmtpReply TooLarge = new(552, "5.3.4", "Message size exceeds the limit");
    public static readonly SmtpReply TooEarly = new(554, "5.5.0", "Octets came before the answer they had to wait for");

    private static readonly SmtpReply BareCarriageReturnInMail = new(550, "5.6.0", "Message holds a <CR> without <LF>");
    private static readonly SmtpReply BareLineFeedInMail = new(550, "5.6.0", "Message holds a <LF> without <CR>");
    private static readonly SmtpReply NulInMail = new(550, "5.6.0", "Message holds a NUL octet");

    public static SmtpReply BadParameter(string parameter) => new(501, "5.5.4", $"Bad parameter {parameter}");

    public static SmtpReply UnknownParameter(string parameter) => new(555, "5.5.4", $"Parameter {parameter} not recognized");

    public static SmtpReply AuthPrompt(string challenge) => new(334, "", challenge);

    /// <summary>The answer to a message with a fault.</summary>
    public static SmtpReply For(MessageFault fault) => fault switch
    {
        MessageFault.TooLarge => TooLarge,
        MessageFault.BareCarriageReturn => BareCarriageReturnInMail,
        MessageFault.BareLineFeed => BareLineFeedInMail,
        MessageFault.Nul => NulInMail,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not a fault"),
    };

    /// <summary>The answer to a peer that is sent away.</summary>
    public static SmtpReply For(Farewell farewell) => farewell switch
    {
        Farewell.Timeout => TimedOut,
        Farewell.Shutdown => ShuttingDown,
        _ => NoRoom,
    };
}
