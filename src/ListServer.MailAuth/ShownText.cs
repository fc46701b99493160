namespace ListServer.MailAuth;

/// <summary>Text from records and senders as it may be shown: in a log, on a terminal, in a reply.</summary>
internal static class ShownText
{
    /// <summary>The text with everything but printable ASCII replaced by a question mark.</summary>
    public static string Of(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? string.Concat(text.Select(c => c is < ' ' or > '~' ? '?' : c)) : text;
}
