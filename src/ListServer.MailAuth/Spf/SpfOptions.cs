namespace ListServer.MailAuth.Spf;

/// <summary>What a receiver may choose about SPF.</summary>
public sealed record SpfOptions
{
    /// <summary>How long one identity's check may take; RFC 7208 §4.6.4 asks for at least 20 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>This host's name, for the macro r in explanations.</summary>
    public string ReceiverName { get; init; } = "unknown";
}
