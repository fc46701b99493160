using System.Globalization;

namespace ListServer.Lists;

/// <summary>Brings domain names given by people into the one form that is stored.</summary>
public static class DomainName
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Lower-case A-labels without a final dot, or null when it is no host name of at least two labels.</summary>
    public static string? Normalize(string? name)
    {
        var trimmed = name?.Trim().TrimEnd('.') ?? "";
        if (trimmed.Length is 0 or > 253 || !trimmed.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var ascii = Idn.GetAscii(trimmed).ToLowerInvariant();
            return ascii.Length <= 253 ? ascii : null;
        }
        catch (ArgumentException)
        {
            // IdnMapping has no TryGetAscii: a label that IDNA 2003 refuses ends here.
            return null;
        }
    }
}
