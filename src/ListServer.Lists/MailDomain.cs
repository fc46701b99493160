namespace ListServer.Lists;

/// <summary>A mail domain that this server holds lists for and signs for.</summary>
/// <param name="Name">Lower-case A-labels, without a final dot.</param>
/// <param name="Selector">The DKIM selector in use, or null while the domain has no key.</param>
public sealed record MailDomain(string Name, string? Selector = null)
{
    /// <summary>True for a domain that neither sends nor receives: it has no lists and no key, and its records say so.</summary>
    public bool SendsNothing { get; init; }

    /// <summary>How old its key gets before another one is made, in days (AUTH-35); 0 for one that is never followed by itself.</summary>
    public int RotateDays { get; init; } = MostRotateDays;

    /// <summary>Six months.</summary>
    public const int MostRotateDays = 180;
}
