using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ListServer.MailAuth;
using MimeKit.Utils;

namespace ListServer.Lists.Cooking;

/// <summary>Puts the list's prefix before the subject: "[News 00012] Re: text" (LIST-default).</summary>
internal static partial class SubjectStep
{
    private const string NoSubject = "(no subject)";

    public static Draft Apply(Draft draft, Recipe recipe)
    {
        var setting = PostContent.OneLine(recipe.List.SubjectPrefix);
        if (setting.Length == 0)
        {
            return draft;
        }

        var value = draft.Find("Subject") is { } field ? field.RawValue : ReadOnlyMemory<byte>.Empty;
        var before = value.IsEmpty ? "" : PostContent.OneLine(Rfc2047.DecodeText(value.ToArray()));
        var prefix = Serial().Replace(setting, m => Number(m, recipe.Post.Serial));
        var (isReply, text) = Bare(before, setting);
        var rest = (isReply ? "Re: " : "") + (text.Length > 0 ? text : isReply ? "" : NoSubject);
        var after = $"{prefix} {rest}".TrimEnd();
        return after == before ? draft : draft.Replace(ModificationKind.Subject, Write(prefix, after, keepsRest: rest == before, value.Span));
    }

    private static HeaderField Write(string prefix, string after, bool keepsRest, ReadOnlySpan<byte> value)
    {
        // Where only the prefix is new, the author's own octets stay behind it, in whatever charset they are.
        if (keepsRest && !prefix.AsSpan().ContainsAnyExceptInRange(' ', '~') && FirstWordFits(prefix, value))
        {
            return Field.Make("Subject", [.. Encoding.ASCII.GetBytes($" {prefix} "), .. value.Trim(" \t\r\n"u8)]);
        }

        return Field.Make("Subject", EncodedWords.Text(after, EncodingFor(after, value), "Subject: ".Length));
    }

    // RFC 5322 §2.1.1: no line over 998 octets; the author's first line is as long as it is.
    private static bool FirstWordFits(string prefix, ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t\r\n"u8);
        var end = value.IndexOf((byte)'\r');
        return "Subject: ".Length + prefix.Length + 1 + (end < 0 ? value.Length : end) <= 998;
    }

    // The author's charset where it holds the whole, so that old programs still read it; otherwise UTF-8.
    private static Encoding EncodingFor(string text, ReadOnlySpan<byte> value)
    {
        var word = EncodedWordCharset().Match(Encoding.Latin1.GetString(value));
        return word.Success && Charset.Find(word.Groups[1].Value) is { } encoding
            && Charset.TryEncode(encoding, text) is not null
            ? encoding
            : Encoding.UTF8;
    }

    private static (bool IsReply, string Text) Bare(string subject, string setting)
    {
        var own = OwnPrefix(setting);
        var (isReply, at) = (false, 0);
        while (true)
        {
            if (own?.Match(subject, at) is { Success: true } prefix)
            {
                at += prefix.Length;
            }
            else if (Reply().Match(subject, at) is { Success: true } reply)
            {
                (isReply, at) = (true, at + reply.Length);
            }
            else
            {
                return (isReply, subject[at..].Trim());
            }
        }
    }

    // A prefix that is nothing but the number can't be told from a subject that begins with one.
    private static Regex? OwnPrefix(string setting)
    {
        var fixedParts = Serial().Split(setting);
        return fixedParts.All(string.IsNullOrWhiteSpace)
            ? null
            : new Regex(
                @"\G\s*" + string.Join(@"\d+", fixedParts.Select(Regex.Escape)).Replace(@"\ ", @"\s*", StringComparison.Ordinal) + @"\s*",
                RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }

    private static string Number(Match match, long serial) =>
        serial.ToString(CultureInfo.InvariantCulture).PadLeft(match.Length > 2 ? match.ValueSpan[2] - '0' : 0, '0');

    [GeneratedRegex("%(?:0[1-9])?d", RegexOptions.CultureInvariant)]
    private static partial Regex Serial();

    [GeneratedRegex(@"\G\s*(?:re|aw|sv|vs|antw|返信)(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Reply();

    [GeneratedRegex(@"=\?([A-Za-z0-9_.:-]+)(?:\*[A-Za-z0-9-]*)?\?[BbQq]\?", RegexOptions.CultureInvariant)]
    private static partial Regex EncodedWordCharset();
}
