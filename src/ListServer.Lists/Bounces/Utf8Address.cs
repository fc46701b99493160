using System.Globalization;
using System.Text;

namespace ListServer.Lists.Bounces;

/// <summary>The forms utf-8-addr-xtext and utf-8-addr-unitext of RFC 6533 §3: "\x{2665}" stands for one character.</summary>
internal static class Utf8Address
{
    /// <summary>The address as it is; what is no such escape stays as it stands.</summary>
    public static string Decode(string text)
    {
        var address = new StringBuilder();
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var hex = rest.StartsWith(@"\x{", StringComparison.Ordinal) ? rest[3..Math.Min(rest.Length, 10)] : default;
            if (hex.IndexOf('}') is > 0 and var end
                && int.TryParse(hex[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value))
            {
                address.Append(new Rune(value));
                rest = rest[(4 + end)..];
                continue;
            }

            address.Append(rest[0]);
            rest = rest[1..];
        }

        return address.ToString();
    }
}
