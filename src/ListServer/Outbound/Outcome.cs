using System.Net;
using ListServer.Outbound.Tls;
using ListServer.Smtp;

namespace ListServer.Outbound;

/// <summary>Where in a delivery something was said or went wrong.</summary>
public enum SessionPhase
{
    /// <summary>Looking for the host.</summary>
    Route,

    /// <summary>Opening the connection.</summary>
    Connect,

    /// <summary>The server's banner.</summary>
    Banner,

    /// <summary>EHLO or HELO.</summary>
    Hello,

    /// <summary>STARTTLS and the handshake.</summary>
    Tls,

    /// <summary>AUTH.</summary>
    Auth,

    /// <summary>MAIL FROM.</summary>
    Mail,

    /// <summary>RCPT TO.</summary>
    Recipient,

    /// <summary>DATA, before 354.</summary>
    Data,

    /// <summary>The octets, before the final dot.</summary>
    Content,

    /// <summary>The final dot.</summary>
    Final,
}

/// <summary>Who decided.</summary>
public enum OutcomeCause
{
    /// <summary>The server, by a reply.</summary>
    Reply,

    /// <summary>The connection: refused, broken, too slow, or no SMTP.</summary>
    Connection,

    /// <summary>We stop: nothing is said about the recipient, and the copy may go out at once at the next start.</summary>
    Stopped,

    /// <summary>The copy holds octets ≥ 0x80 and the server has no 8BITMIME: what is signed is not encoded anew (AUTH-37).</summary>
    EightBitNotOffered,

    /// <summary>An address needs SMTPUTF8 and the server has none (AUTH-61).</summary>
    Utf8NotOffered,

    /// <summary>The copy is larger than the server's SIZE.</summary>
    TooLarge,

    /// <summary>An address that can't be put on a command line (SEC-9).</summary>
    BadAddress,

    /// <summary>Octets that must not be emitted (SEC-7).</summary>
    BadOctets,

    /// <summary>The copy could not be read or made for now.</summary>
    NoCopy,

    /// <summary>The recipient left the list before the copy was sent (AUTH-81).</summary>
    Departed,

    /// <summary>The announcement was paused or stopped: nothing is said about the recipient.</summary>
    HeldBack,

    /// <summary>The host has as many connections as it gets from us: nothing was tried.</summary>
    Crowded,

    /// <summary>DNS: no host takes mail for the domain, or none was found for now.</summary>
    Dns,
}

/// <summary>What an attempt means for a recipient.</summary>
public enum OutcomeKind
{
    /// <summary>The next host has taken the copy over.</summary>
    Delivered,

    /// <summary>Not now; to be tried again.</summary>
    Deferred,

    /// <summary>Never; not to be tried again.</summary>
    Refused,
}

/// <summary>The end of one attempt, with the words behind it kept as they were said.</summary>
/// <param name="Reply">The server's reply, or one of our own making with the same codes.</param>
/// <param name="Phase">What it answers.</param>
/// <param name="Cause">Who decided.</param>
/// <param name="Host">The host in text, or empty when none was reached.</param>
public sealed record Outcome(SmtpReply Reply, SessionPhase Phase, OutcomeCause Cause, string Host)
{
    /// <summary>What it means.</summary>
    public OutcomeKind Kind => Reply.Code switch
    {
        < 300 when Phase == SessionPhase.Final => OutcomeKind.Delivered,

        // "too many recipients" by its old code is to be read as 452 (RFC 5321 §4.5.3.1.10).
        552 when Phase == SessionPhase.Recipient && Reply.EnhancedCode is "" or "5.5.3" => OutcomeKind.Deferred,

        // A server that turns us away at the door says nothing of the recipient; but 521 takes no mail from anyone (RFC 7504 §3).
        >= 500 when Phase is SessionPhase.Banner or SessionPhase.Hello && Reply.Code != 521 => OutcomeKind.Deferred,
        >= 500 => OutcomeKind.Refused,
        _ => OutcomeKind.Deferred,
    };

    /// <summary>True when the server takes no further recipient in this transaction but may in the next.</summary>
    public bool IsTooManyRecipients => Phase == SessionPhase.Recipient && Cause == OutcomeCause.Reply && Reply.Code is 452 or 552 && Kind == OutcomeKind.Deferred;

    /// <summary>One line for traces and logs.</summary>
    public override string ToString()
    {
        var words = $"{Reply.Code} {Reply.EnhancedCode} {Reply.Text.ReplaceLineEndings(" ")}".Replace("  ", " ", StringComparison.Ordinal);
        return Cause == OutcomeCause.Reply ? $"{Host} said to {Name(Phase)}: {words}" : Host.Length > 0 ? $"{Host}: {words}" : words;
    }

    /// <summary>The same with one reason more.</summary>
    internal Outcome Because(string why) => this with { Reply = Reply with { Text = $"{Reply.Text}: {why}" } };

    internal static Outcome Local(int code, string enhanced, string text, SessionPhase phase, OutcomeCause cause, string host = "") =>
        new(new SmtpReply(code, enhanced, text), phase, cause, host);

    private static string Name(SessionPhase phase) => phase switch
    {
        SessionPhase.Banner => "the connection",
        SessionPhase.Hello => "EHLO",
        SessionPhase.Tls => "STARTTLS",
        SessionPhase.Auth => "AUTH",
        SessionPhase.Mail => "MAIL FROM",
        SessionPhase.Recipient => "RCPT TO",
        SessionPhase.Data => "DATA",
        _ => "the message",
    };
}

/// <summary>One recipient's outcome.</summary>
/// <param name="Recipient">The address as it was given.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record RecipientResult(string Recipient, Outcome Outcome);

/// <summary>Account and password of a submission.</summary>
public sealed record SubmissionCredential(string User, string Password)
{
    /// <summary>The account; never the password.</summary>
    public override string ToString() => User;
}

/// <summary>One host to hand copies to.</summary>
/// <param name="Name">Its name, which a verified certificate must prove; an IP address in text when that is all we have.</param>
/// <param name="EndPoint">Address and port.</param>
/// <param name="Tls">How the connection is protected.</param>
/// <param name="Credential">What to log in with, or null.</param>
/// <param name="Policy">What the host's side asks beyond that, or null.</param>
public sealed record Hop(string Name, IPEndPoint EndPoint, TlsMode Tls, SubmissionCredential? Credential = null, HostPolicy? Policy = null)
{
    /// <summary>"name[address]:port".</summary>
    public override string ToString() => $"{Name}[{EndPoint.Address}]:{EndPoint.Port}";
}
