namespace ListServer.MailAuth;

/// <summary>Text from records and senders as it may be shown: in a log, on a terminal, in a reply.</summary>
internal static class ShownText
{
    /// <summary>Whoever writes more means to fill logs and replies (AUTH-98).</summary>
    public const int MaxLength = 500;

    private const string Ellipsis = "...";

    /// <summary>The text with everything but printable ASCII replaced by a question mark, cut to <see cref="MaxLength"/> characters.</summary>
    public static string Of(string text)
    {
        var cut = text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - Ellipsis.Length), Ellipsis);
        return cut.AsSpan().ContainsAnyExceptInRange(' ', '~') ? string.Concat(cut.Select(c => c is < ' ' or > '~' ? '?' : c)) : cut;
    }
}
