using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Arc;

/// <summary>The i= of ARC fields (RFC 8617 §4.2.1).</summary>
internal static class Instance
{
    /// <summary>The instance of a field that is a tag list, or 0 when it is none or has no valid i=.</summary>
    public static int Of(TagList tags) => tags.Defect is null && tags.TryGet("i", out var value) ? Position(value) : 0;

    /// <summary>The instance of an ARC-Authentication-Results field, which must come first; <paramref name="rest"/> is what follows its semicolon.</summary>
    public static int OfResults(HeaderField field, out ReadOnlyMemory<byte> rest)
    {
        var value = field.RawValue;
        var scanner = new ResultsScanner(value.Span);
        rest = default;
        if (!scanner.SkipCfws() || !scanner.TryTake((byte)'i') || !scanner.SkipCfws() || !scanner.TryTake((byte)'=') || !scanner.SkipCfws())
        {
            return 0;
        }

        var position = Position(scanner.TakeDigits());
        if (position == 0 || !scanner.SkipCfws() || !scanner.TryTake((byte)';'))
        {
            return 0;
        }

        rest = value[scanner.Position..];
        return position;
    }

    /// <summary>One or two digits, not zero; what is over 50 is kept, so that it is seen to be too many.</summary>
    private static int Position(ReadOnlySpan<byte> digits) =>
        digits.Length is 1 or 2 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? int.Parse(digits, null) : 0;
}
