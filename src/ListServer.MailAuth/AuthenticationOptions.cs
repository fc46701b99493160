using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth;

/// <summary>The caps on the work for one message (AUTH-98, SEC-15).</summary>
public sealed record AuthenticationOptions
{
    /// <summary>How long the DNS questions of one message may take in all; what is still open then is a temporary error.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many DNS questions one message may ask, answers from the cache included.</summary>
    public int MaximumDnsQueries { get; init; } = 150;

    /// <summary>This host's name, for the macro r of SPF explanations.</summary>
    public string ReceiverName { get; init; } = "unknown";

    /// <summary>The caps on DKIM.</summary>
    public DkimVerificationOptions Dkim { get; init; } = new();

    /// <summary>The caps on ARC.</summary>
    public ArcVerificationOptions Arc { get; init; } = new();
}
