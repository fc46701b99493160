namespace ListServer.Store;

/// <summary>An MTA-STS policy as a domain gave it (RFC 8461 §5.1): it holds until its time is over, whatever becomes of the domain's DNS.</summary>
/// <param name="Domain">Whose.</param>
/// <param name="Id">The id that DNS told then.</param>
/// <param name="Text">Its lines.</param>
/// <param name="FetchedAt">When it was fetched.</param>
/// <param name="ExpiresAt">When its time is over.</param>
public sealed record KeptStsPolicy(string Domain, string Id, string Text, DateTimeOffset FetchedAt, DateTimeOffset ExpiresAt);
