using System.Globalization;

namespace ListServer.Smtp;

/// <summary>BDAT taken apart (RFC 3030 §2).</summary>
internal readonly record struct ChunkCommand(long Size, bool IsLast)
{
    public static bool TryParse(string argument, out ChunkCommand chunk)
    {
        var space = argument.IndexOf(' ');
        var digits = space < 0 ? argument : argument[..space];
        var isLast = space >= 0 && argument.AsSpan(space).Trim(' ').Equals("LAST", StringComparison.OrdinalIgnoreCase);
        var isValid = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && (space < 0 || isLast);
        chunk = new ChunkCommand(size, isLast);
        return isValid;
    }
}
