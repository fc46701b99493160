namespace ListServer.Lists.Consents;

/// <summary>What may be done with others' mail only with consent (AUTH-84). Labelling needs none.</summary>
public enum ConsentPurpose
{
    /// <summary>Refusing what fails DMARC under a strict policy, rather than holding it.</summary>
    Filtering,

    /// <summary>Counting how mail fared, and sending the counts to the domains that it names (RFC 9990).</summary>
    Reporting,
}

/// <summary>What somebody agreed to for those who use a domain or a list, as evidence: it outlives its withdrawal.</summary>
/// <param name="Scope">A domain of ours, or a list's posting address.</param>
/// <param name="Purpose">To what.</param>
/// <param name="GivenAt">When.</param>
/// <param name="GivenBy">By whom.</param>
/// <param name="Face">Where it was given: the command line, a page.</param>
/// <param name="Language">In which language the words were shown: en or ja.</param>
/// <param name="Version">Which version of the words.</param>
/// <param name="Wording">The words themselves; lines separated by LF.</param>
/// <param name="WithdrawnAt">When it ended; null while it stands.</param>
/// <param name="WithdrawnBy">By whom; empty while it stands.</param>
public sealed record DmarcConsent(
    string Scope,
    ConsentPurpose Purpose,
    DateTimeOffset GivenAt,
    string GivenBy,
    string Face,
    string Language,
    string Version,
    string Wording,
    DateTimeOffset? WithdrawnAt = null,
    string WithdrawnBy = "")
{
    /// <summary>True while it stands.</summary>
    public bool Stands => WithdrawnAt is null;
}
