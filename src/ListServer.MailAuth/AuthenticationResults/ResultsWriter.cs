using System.Text;

namespace ListServer.MailAuth.AuthenticationResults;

/// <summary>Writes an Authentication-Results value (RFC 8601 §2.2) that holds nothing but what was meant (AUTH-50).</summary>
internal static class ResultsWriter
{
    private const int Width = 76;
    private const int MaximumValue = 320;

    public static string Write(ResultsField field)
    {
        var text = new StringBuilder(AuthservId(field.AuthservId));
        if (field.Results.IsEmpty)
        {
            return text.Append("; none").ToString();
        }

        foreach (var result in field.Results)
        {
            text.Append(";\r\n\t");
            Write(result, text);
        }

        return text.ToString();
    }

    /// <summary>
    /// The authserv-id is a plain token or quoted: no "@" outside quotes (RFC 8601 §2.2). U-labels become A-labels, which may stand in
    /// every message; UTF-8 may only in an internationalized one (§2.5).
    /// </summary>
    public static string AuthservId(string text)
    {
        var value = Value(Ascii.IsValid(text) ? text : DomainName.ToAscii(text) ?? text) ?? "unknown";
        return value[0] != '"' && value.Contains('@', StringComparison.Ordinal) ? Quote(value) : value;
    }

    private static void Write(MethodResult result, StringBuilder text)
    {
        var column = 8;
        Put($"{Keyword(result.Method)}={Keyword(result.Result)}", text, ref column, isFirst: true);
        if (result.Reason is { } reason)
        {
            Put("reason=" + Quote(Printable(reason)), text, ref column);
        }

        foreach (var property in result.Properties)
        {
            if (Value(property.Value) is { } value)
            {
                Put($"{Keyword(property.PropertyType)}.{Keyword(property.Property)}={value}", text, ref column);
            }
        }
    }

    private static void Put(string part, StringBuilder text, ref int column, bool isFirst = false)
    {
        if (!isFirst)
        {
            var fits = column + 1 + part.Length <= Width;
            text.Append(fits ? " " : "\r\n\t ");
            column = fits ? column + 1 : 9;
        }

        text.Append(part);
        column += part.Length;
    }

    /// <summary>These are our own words; what is no keyword in them is a mistake of ours and is left out.</summary>
    private static string Keyword(string text) => string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));

    /// <summary>The value as a plain word or a quoted string; null for what is not to be written at all.</summary>
    private static string? Value(string text)
    {
        if (text.Length is 0 or > MaximumValue || text.Any(c => c is < ' ' or > '~'))
        {
            return null;
        }

        return IsPlain(text) ? text : Quote(text);
    }

    /// <summary>A name, an address or a number that needs no quotes: at most one "@", a domain behind it, and a Dot-string before it (RFC 5321 §4.1.2).</summary>
    private static bool IsPlain(string text)
    {
        var at = text.LastIndexOf('@');
        var local = text.AsSpan(0, Math.Max(at, 0));
        return !local.StartsWith('.') && !local.EndsWith('.') && !local.Contains("..", StringComparison.Ordinal)
            && at == text.IndexOf('@', StringComparison.Ordinal) && at < text.Length - 1
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '@');
    }

    private static string Printable(string text)
    {
        var cut = text.Length > MaximumValue ? text[..MaximumValue] : text;
        return string.Concat(cut.Select(c => c is < ' ' or > '~' ? '?' : c));
    }

    private static string Quote(string text) => new StringBuilder(text.Length + 2)
        .Append('"').Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"')
        .ToString();
}
