namespace ListServer.Lists.Bounces;

/// <summary>Why a copy was refused: whose fault it is, as far as the receiver's words tell.</summary>
public enum RefusalClass
{
    /// <summary>Nothing but that it is for good: no code or word that says why.</summary>
    Unexplained,

    /// <summary>The address is at fault: no such user or host, or a mailbox closed for good.</summary>
    Address,

    /// <summary>The mailbox takes no more, for now or for good.</summary>
    MailboxFull,

    /// <summary>The receiver's policy is against the list, its server or the copy: spam, DMARC, SPF, block lists. Never the member's fault (AUTH-59).</summary>
    Policy,

    /// <summary>This copy is at fault: too large, or in a form that the receiver does not take.</summary>
    Message,

    /// <summary>A server or the way to it is at fault, and the refusal is for good.</summary>
    Route,

    /// <summary>The next attempt may succeed.</summary>
    Transient,
}
