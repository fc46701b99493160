using System.CommandLine;
using ListServer.Lists.Notices;

namespace ListServer.Commands;

/// <summary>A list's header and footer as options of a command.</summary>
internal sealed class TextOptions
{
    private readonly Option<string?> _header = new("--header") { Description = $"Text put before the body; a Liquid template where it has {{{{ or {{%. Values: {string.Join(", ", ListText.Names)}." };
    private readonly Option<string?> _headerHtml = new("--header-html") { Description = "The header for HTML, put within it." };
    private readonly Option<string?> _footer = new("--footer") { Description = "Text put behind the body; a Liquid template like --header." };
    private readonly Option<string?> _footerHtml = new("--footer-html") { Description = "The footer for HTML, put within it." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _header, _headerHtml, _footer, _footerHtml })
        {
            command.Add(option);
        }
    }

    public string? Header(ParseResult parse) => parse.GetValue(_header);

    public string? HeaderHtml(ParseResult parse) => parse.GetValue(_headerHtml);

    public string? Footer(ParseResult parse) => parse.GetValue(_footer);

    public string? FooterHtml(ParseResult parse) => parse.GetValue(_footerHtml);
}
