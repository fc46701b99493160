namespace ListServer.Lists.Bounces;

/// <summary>What happened to a member.</summary>
public enum MemberEvent
{
    /// <summary>Delivery was stopped.</summary>
    Suspended,

    /// <summary>The subscription ended, as nothing reaches the member.</summary>
    Removed,

    /// <summary>The member told their provider that the list's mail is abuse, and gets no more of it.</summary>
    Complained,
}

/// <summary>What happened to a member without their or the owners' doing, until the owners have been told.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
/// <param name="Event">What happened.</param>
/// <param name="At">When.</param>
/// <param name="Words">The receiver's words.</param>
public sealed record MemberNews(string List, string Address, MemberEvent Event, DateTimeOffset At, string Words);
