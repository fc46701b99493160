using System.Diagnostics.CodeAnalysis;

namespace ListServer.Smtp;

/// <summary>The part that MAIL and RCPT have in common: FROM: or TO:, a path, and the parameters.</summary>
internal static class PathArgument
{
    /// <summary>
    /// Space between the colon and the path is against RFC 5321 §3.3, but old clients send it and nobody reads it differently.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<char> argument, string keyword, [NotNullWhen(true)] out string? path, out ReadOnlySpan<char> parameters)
    {
        path = null;
        parameters = [];
        return argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase)
            && MailPath.TryRead(argument[keyword.Length..].TrimStart(' '), out path, out parameters);
    }
}
