using ListServer.MailAuth;

namespace ListServer.Lists;

/// <summary>The author's address in the form in which members and accounts are stored: the domain in A-labels (AUTH-8, AUTH-91).</summary>
public static class AuthorAddress
{
    /// <summary>The address; null when there is no single valid author.</summary>
    public static string? Of(AuthenticationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Of(report.Author);
    }

    /// <summary>The address; null when there is no single valid author.</summary>
    public static string? Of(AuthorResult author) => author is { Address: { } address, Domain: { } domain }
        ? $"{address[..address.LastIndexOf('@')]}@{domain}"
        : null;
}
