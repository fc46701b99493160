using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace ListServer.Lists.Filtering;

/// <summary>HTML as plain text: paragraphs, lists, quotes and the addresses of links; nothing of its looks.</summary>
internal sealed class HtmlText
{
    private static readonly HtmlParser Parser = new();
    private readonly StringBuilder _text = new();
    private bool _isPreformatted;
    private int _openLines = 2;

    /// <summary>The text, each line ended by CRLF, without control characters; null for HTML that is made to break parsers.</summary>
    public static string? Of(string html) => HtmlDepth.IsTooDeep(html) ? null : Of(Parser.ParseDocument(html));

    private static string Of(INode node)
    {
        var text = new HtmlText();
        text.AddChildren(node);
        var lines = text._text.ToString().Trim('\n').Split('\n').Select(line => line.TrimEnd());
        return string.Join("\r\n", lines) + "\r\n";
    }

    private void AddChildren(INode node)
    {
        foreach (var child in node.ChildNodes)
        {
            Add(child);
        }
    }

    private void Add(INode node)
    {
        switch (node)
        {
            case IText text:
                AddText(text.Data);
                break;
            case IElement element:
                AddElement(element);
                break;
        }
    }

    private void AddElement(IElement element)
    {
        switch (element.LocalName)
        {
            case "script" or "style" or "head" or "template" or "title" or "svg" or "object":
                break;
            case "br":
                _text.Append('\n');
                _openLines++;
                break;
            case "hr":
                Break(1);
                AddText("----------");
                Break(1);
                break;
            case "img":
                AddText(element.GetAttribute("alt") is { Length: > 0 } words ? $"[{words}]" : "");
                break;
            case "a":
                AddLink(element);
                break;
            case "li":
                Break(1);
                AddText("* ");
                AddChildren(element);
                Break(1);
                break;
            case "blockquote":
                AddQuote(element);
                break;
            case "pre":
                Break(2);
                _isPreformatted = true;
                AddChildren(element);
                _isPreformatted = false;
                Break(2);
                break;
            case "td" or "th":
                AddChildren(element);
                AddText(" ");
                break;
            case "p" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "ul" or "ol" or "dl" or "table":
                AddBlock(element, 2);
                break;
            case "div" or "tr" or "dt" or "dd" or "section" or "article" or "header" or "footer" or "main" or "nav" or "aside" or "address" or "center" or "figure" or "form":
                AddBlock(element, 1);
                break;
            default:
                AddChildren(element);
                break;
        }
    }

    private void AddBlock(IElement element, int lines)
    {
        Break(lines);
        AddChildren(element);
        Break(lines);
    }

    private void AddLink(IElement element)
    {
        AddChildren(element);
        var target = element.GetAttribute("href")?.Trim() ?? "";
        var isShown = element.TextContent.Contains(target.Replace("mailto:", "", StringComparison.OrdinalIgnoreCase), StringComparison.OrdinalIgnoreCase);
        if (!isShown && (target.StartsWith("http", StringComparison.OrdinalIgnoreCase) || target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)))
        {
            AddText($" <{target}>");
        }
    }

    private void AddQuote(IElement element)
    {
        Break(1);
        foreach (var line in ChildText(element).Split("\r\n").SkipLast(1))
        {
            _text.Append(line.StartsWith('>') ? ">" : "> ").Append(line).Append('\n');
        }

        _openLines = 1;
    }

    private static string ChildText(INode node) => Of(node);

    private void AddText(string text)
    {
        foreach (var c in text)
        {
            if (_isPreformatted && c == '\n')
            {
                _text.Append('\n');
                _openLines++;
            }
            else if (char.IsWhiteSpace(c) && c != '\u3000')
            {
                // Runs of white space are one, and none begins a line; the ideographic space is a letter to those who write it.
                _text.Append(_isPreformatted || (_openLines == 0 && _text[^1] != ' ') ? " " : "");
            }
            else if (!char.IsControl(c))
            {
                _text.Append(c);
                _openLines = 0;
            }
        }
    }

    private void Break(int lines)
    {
        for (; _openLines < lines; _openLines++)
        {
            _text.Append('\n');
        }
    }
}
