using ListServer.Store.People;

namespace ListServer.Admin.Audit;

/// <summary>Something somebody changed.</summary>
/// <param name="Id">Ordered by time.</param>
/// <param name="At">When.</param>
/// <param name="By">Who, in words.</param>
/// <param name="What">The use case: "ChangeList".</param>
/// <param name="About">What it was done to.</param>
/// <param name="Fields">What was so before, and is so now.</param>
public sealed record Audited(string Id, DateTimeOffset At, string By, string What, string About, IReadOnlyList<AuditedValue> Fields);

/// <summary>A value that became different; empty for what was not there, or is gone.</summary>
public sealed record AuditedValue(string Name, string Before, string After);

/// <summary>Who changed what, the newest first.</summary>
/// <param name="About">To one thing: a list's address, a domain, a person; null for all.</param>
/// <param name="Before">The identifier of the last entry of the page before; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record BrowseAudit(string? About = null, string? Before = null, int Limit = 50) : Query<IReadOnlyList<Audited>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<Audited>> Look(AdminContext context) => Limit is < 1 or > 1_000
        ? RefusedUseCase.Invalid("A page has 1 to 1,000 entries.")
        : Outcome.Done<IReadOnlyList<Audited>>([.. context.Store.Audit(About, Before, Limit).Select(Of)]);

    private static Audited Of(AuditEntry entry) =>
        new(entry.Id, entry.At, entry.By, entry.What, entry.About, [.. entry.Fields.Select(f => new AuditedValue(f.Name, f.Before, f.After))]);
}
