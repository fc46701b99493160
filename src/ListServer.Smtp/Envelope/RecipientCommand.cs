using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ListServer.Smtp;

/// <summary>RCPT TO taken apart (RFC 5321 §4.1.1.3).</summary>
internal static class RecipientCommand
{
    /// <summary>
    /// Takes the argument of RCPT apart; <paramref name="refusal"/> is the answer to one that is no good. No parameter is known: all of
    /// them belong to extensions that are not offered.
    /// </summary>
    public static bool TryParse(
        string argument, bool isSmtpUtf8, [NotNullWhen(true)] out string? forwardPath, [NotNullWhen(false)] out SmtpReply? refusal)
    {
        refusal = null;
        if (!PathArgument.TryRead(argument, "TO:", out forwardPath, out var parameters) || forwardPath.Length == 0)
            refusal = Replies.BadForwardPath;
        else if (!parameters.Trim(' ').IsEmpty)
            refusal = Replies.UnknownParameter(parameters.Trim(' ').ToString());
        else if (!isSmtpUtf8 && !Ascii.IsValid(forwardPath))
            refusal = Replies.NonAsciiRecipient;
        return refusal is null;
    }
}
