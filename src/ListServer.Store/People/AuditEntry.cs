using System.Collections.Immutable;

namespace ListServer.Store.People;

/// <summary>One thing that somebody changed.</summary>
/// <param name="Id">Ordered by time.</param>
/// <param name="At">When.</param>
/// <param name="By">Who, in words.</param>
/// <param name="What">The use case: "ChangeList".</param>
/// <param name="About">What it was done to: a list's address, a domain, a person's address, or a post's identifier.</param>
/// <param name="Fields">What was so before, and is so now.</param>
public sealed record AuditEntry(string Id, DateTimeOffset At, string By, string What, string About, ImmutableArray<AuditedField> Fields);

/// <summary>A value that became different.</summary>
/// <param name="Name">What: a setting, an address, a post.</param>
/// <param name="Before">Empty for what was not there.</param>
/// <param name="After">Empty for what is gone.</param>
public sealed record AuditedField(string Name, string Before, string After);
