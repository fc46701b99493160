namespace ListServer.Smtp;

/// <summary>A command line taken apart (RFC 5321 §4.1.1).</summary>
/// <param name="Verb">In upper case; empty when the line began with none.</param>
/// <param name="Argument">What followed the space, as written; trailing space is no part of it.</param>
internal readonly record struct SmtpCommand(string Verb, string Argument)
{
    private const int LongestVerb = 12;

    public static SmtpCommand Parse(string line)
    {
        var text = line.AsSpan().TrimEnd(' ');
        var space = text.IndexOf(' ');
        var verb = space < 0 ? text : text[..space];
        var argument = space < 0 ? [] : text[(space + 1)..].TrimStart(' ');
        return verb.Length > LongestVerb ? default : new SmtpCommand(verb.ToString().ToUpperInvariant(), argument.ToString());
    }
}
