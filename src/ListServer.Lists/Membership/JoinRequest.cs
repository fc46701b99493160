namespace ListServer.Lists.Membership;

/// <summary>Somebody who wants to join and waits for a moderator.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Who.</param>
/// <param name="RequestedAt">Since when.</param>
/// <param name="Source">How it was asked for, as evidence of consent (AUTH-83).</param>
/// <param name="Wording">What was agreed to, in the words that were shown; empty when nothing was.</param>
public sealed record JoinRequest(string List, string Address, DateTimeOffset RequestedAt, string Source, string Wording);
