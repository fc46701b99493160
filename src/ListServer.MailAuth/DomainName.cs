using System.Globalization;
using System.Text;

namespace ListServer.MailAuth;

/// <summary>Domain names as mail uses them: checked, in lower case, in A-labels (RFC 5890 §2.3.2.1).</summary>
internal static class DomainName
{
    private const int MaxLabel = 63;
    private const int MaxLength = 253;
    private static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = false };

    /// <summary>
    /// The name in lower-case A-labels, or null when it is none: labels of 1 to 63 letters, digits, hyphens and underscores (which
    /// are in use, though RFC 5321 §4.1.2 does not know them), no final dot, 253 octets at most.
    /// </summary>
    public static string? ToAscii(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        if (!Ascii.IsValid(name))
        {
            try
            {
                // A U-label is in NFC (RFC 5890 §2.3.2.1): to bring others to it would make one name of two, the KELVIN SIGN a k.
                name = name.IsNormalized(NormalizationForm.FormC) ? string.Join('.', name.Split('.').Select(ALabel)) : "";
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        return IsHostLike(name) ? name.ToLowerInvariant() : null;
    }

    /// <summary>The number of labels.</summary>
    public static int LabelCount(string name) => name.AsSpan().Count('.') + 1;

    /// <summary>True when <paramref name="name"/> is <paramref name="ancestor"/> or below it, whatever the case.</summary>
    public static bool IsSameOrBelow(string name, string ancestor) =>
        name.EndsWith(ancestor, StringComparison.OrdinalIgnoreCase)
        && (name.Length == ancestor.Length || name[name.Length - ancestor.Length - 1] == '.');

    /// <summary>The A-label of a label; what is neither ASCII nor a U-label (RFC 5890 §2.3.2.1) becomes an empty one, which no name may hold.</summary>
    private static string ALabel(string label)
    {
        if (Ascii.IsValid(label))
        {
            return label;
        }

        // No label has as many letters, and IdnMapping's work grows with the square of them (AUTH-98).
        if (label.Length > MaxLabel)
        {
            return "";
        }

        // Only U-labels come back as they were: not what UTS 46 leaves out, divides or maps to something else.
        var ascii = Idn.GetAscii(label);
        return Idn.GetUnicode(ascii).Equals(label.ToLowerInvariant(), StringComparison.Ordinal) ? ascii : "";
    }

    private static bool IsHostLike(string name)
    {
        if (name.Length > MaxLength)
        {
            return false;
        }

        var label = 0;
        foreach (var c in name)
        {
            if (c == '.')
            {
                if (label == 0)
                {
                    return false;
                }

                label = 0;
            }
            else if (!(char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || ++label > MaxLabel)
            {
                return false;
            }
        }

        return label > 0;
    }
}
