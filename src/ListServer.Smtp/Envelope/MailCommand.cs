using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ListServer.Smtp;

/// <summary>MAIL FROM taken apart (RFC 5321 §4.1.1.2).</summary>
/// <param name="ReversePath">Empty for the null reverse-path.</param>
/// <param name="Size">SIZE= (RFC 1870), or null.</param>
/// <param name="IsEightBit">BODY=8BITMIME (RFC 6152).</param>
/// <param name="IsSmtpUtf8">SMTPUTF8 (RFC 6531).</param>
internal sealed record MailCommand(string ReversePath, long? Size, bool IsEightBit, bool IsSmtpUtf8)
{
    /// <summary>Takes the argument of MAIL apart; <paramref name="refusal"/> is the answer to one that is no good.</summary>
    public static bool TryParse(string argument, out MailCommand mail, [NotNullWhen(false)] out SmtpReply? refusal)
    {
        var isPath = PathArgument.TryRead(argument, "FROM:", out var path, out var parameters)
            && !path.Equals("postmaster", StringComparison.OrdinalIgnoreCase);
        mail = new MailCommand(path ?? "", Size: null, IsEightBit: false, IsSmtpUtf8: false);
        refusal = isPath ? mail.TakeAll(parameters, out mail) : Replies.BadReversePath;
        if (refusal is null && !mail.IsSmtpUtf8 && !Ascii.IsValid(mail.ReversePath))
            refusal = Replies.NonAsciiSender;
        return refusal is null;
    }

    private SmtpReply? TakeAll(ReadOnlySpan<char> parameters, out MailCommand mail)
    {
        mail = this;
        var seen = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var range in parameters.Split(' '))
        {
            if (parameters[range].IsEmpty)
                continue;
            var (name, value) = Split(parameters[range]);
            // Said twice is harmless, and Python's smtplib does it when asked for what it adds by itself; said in two ways is not.
            if (seen.TryGetValue(name, out var earlier) && earlier == value)
                continue;
            var refusal = seen.TryAdd(name, value) ? mail.Take(name, value, out mail) : Replies.BadParameter(name);
            if (refusal is not null)
                return refusal;
        }
        return null;
    }

    private SmtpReply? Take(string name, string? value, out MailCommand mail)
    {
        mail = this;
        switch (name.ToUpperInvariant())
        {
            case "SIZE" when TryParseSize(value, out var size):
                mail = this with { Size = size };
                return null;
            case "BODY" when Is(value, "8BITMIME") || Is(value, "7BIT"):
                mail = this with { IsEightBit = Is(value, "8BITMIME") };
                return null;
            case "SMTPUTF8" when value is null:
                mail = this with { IsSmtpUtf8 = true };
                return null;
            case "AUTH" when value is not null && Xtext.TryDecode(value, out _):
                // RFC 4954 §5: we trust no peer enough to act on it, and may then treat it as AUTH=<>.
                return null;
            case "SIZE" or "BODY" or "SMTPUTF8" or "AUTH":
                return Replies.BadParameter(name);
            default:
                return Replies.UnknownParameter(name);
        }
    }

    /// <summary>RFC 1870: up to 20 digits; what no long holds is more than anybody takes.</summary>
    private static bool TryParseSize(string? value, out long size)
    {
        size = 0;
        if (value is not { Length: > 0 and <= 20 } || value.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size))
            size = long.MaxValue;
        return true;
    }

    private static bool Is(string? value, string expected) => string.Equals(value, expected, StringComparison.OrdinalIgnoreCase);

    private static (string Name, string? Value) Split(ReadOnlySpan<char> parameter)
    {
        var equals = parameter.IndexOf('=');
        return equals < 0 ? (parameter.ToString(), null) : (parameter[..equals].ToString(), parameter[(equals + 1)..].ToString());
    }
}
