namespace ListServer.MailAuth.Dkim;

/// <summary>How our DKIM signatures are made.</summary>
public sealed record DkimSigningOptions
{
    /// <summary>Which fields are covered.</summary>
    public SignedFields Fields { get; init; } = SignedFields.Standard;

    /// <summary>How long after its making a signature ends (x=); null makes no x=. Not shorter than a copy can lie in the queue (AUTH-32).</summary>
    public TimeSpan? Lifetime { get; init; } = TimeSpan.FromDays(7);
}
