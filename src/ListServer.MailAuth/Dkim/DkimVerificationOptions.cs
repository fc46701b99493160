namespace ListServer.MailAuth.Dkim;

/// <summary>Bounds on the work that one message may cause (AUTH-98).</summary>
public sealed record DkimVerificationOptions
{
    /// <summary>How many DKIM-Signature fields are verified, from the top; the others get the result policy. Not negative.</summary>
    public int MaximumSignatures { get; init; } = 10;

    /// <summary>With more header octets than this nothing is verified, and every signature gets the result policy.</summary>
    public int MaximumHeaderOctets { get; init; } = 512 * 1024;
}
