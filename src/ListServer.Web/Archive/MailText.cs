using System.Text.RegularExpressions;
using ListServer.Lists.Archiving;

namespace ListServer.Web.Archive;

/// <summary>A stretch of a message's text.</summary>
/// <param name="Text">Its lines.</param>
/// <param name="IsQuote">True for a long quotation, which is folded.</param>
/// <param name="Lines">How many.</param>
internal sealed record TextBlock(string Text, bool IsQuote, int Lines);

/// <summary>A piece of a line.</summary>
/// <param name="Text">As it stands there, addresses masked.</param>
/// <param name="IsLink">True for a web address.</param>
internal sealed record TextPiece(string Text, bool IsLink);

/// <summary>Plain text as a page shows it: quotations folded, web addresses as links, mail addresses masked.</summary>
internal static partial class MailText
{
    // A short quotation is read where it stands.
    private const int ShortQuote = 4;

    public static IEnumerable<TextBlock> Blocks(string text)
    {
        var block = new List<string>();
        var isQuote = false;
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith('>') != isQuote && block.Count > 0)
            {
                yield return Block(block, isQuote);
                block = [];
            }

            isQuote = line.StartsWith('>');
            block.Add(line);
        }

        if (block.Any(line => line.Length > 0))
        {
            yield return Block(block, isQuote);
        }
    }

    public static IEnumerable<TextPiece> Pieces(string text)
    {
        var at = 0;
        foreach (Match link in Link().Matches(text))
        {
            yield return new TextPiece(AddressMask.Text(text[at..link.Index]), IsLink: false);
            yield return new TextPiece(AddressMask.Text(link.Value), IsLink: true);
            at = link.Index + link.Length;
        }

        yield return new TextPiece(AddressMask.Text(text[at..]), IsLink: false);
    }

    private static TextBlock Block(List<string> lines, bool isQuote) => new(string.Join('\n', lines), isQuote && lines.Count > ShortQuote, lines.Count);

    [GeneratedRegex(@"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]{1,500}[A-Za-z0-9\-_~/#=&%]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Link();
}
