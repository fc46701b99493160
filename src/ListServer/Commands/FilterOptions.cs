using System.CommandLine;
using ListServer.Admin.Lists;
using ListServer.Lists.Filtering;

namespace ListServer.Commands;

/// <summary>A list's content filter as options of a command.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _passTypes = new("--pass-types") { Description = "Let only parts of these types through, such as 'text image/png'; empty for any." };
    private readonly Option<string?> _filterTypes = new("--filter-types") { Description = "Take out parts of these types, such as 'video application/zip'." };
    private readonly Option<string?> _passExtensions = new("--pass-extensions") { Description = "Let only files with these endings through, such as 'pdf odt'; empty for any." };
    private readonly Option<string?> _filterExtensions = new("--filter-extensions") { Description = "Take out files with these endings, such as 'exe bat scr'." };
    private readonly Option<HtmlAction?> _html = SettingOptions.Choice<HtmlAction>("--html", "What becomes of HTML; text makes plain text of it, or leaves it out beside plain text.");
    private readonly Option<AttachmentAction?> _attachments = SettingOptions.Choice<AttachmentAction>("--attachments", "What becomes of attachments larger than --max-attachment.");
    private readonly Option<long?> _maxAttachment = new("--max-attachment") { Description = "The largest attachment in octets that --attachments leaves alone; 0 (the default) for none." };
    private readonly Option<EmptyAction?> _empty = SettingOptions.Choice<EmptyAction>("--filter-empty", "What becomes of a post of which nothing is left.");
    private readonly Option<SignedAction?> _signed = SettingOptions.Choice<SignedAction>("--filter-signed", "What becomes of a post with a signed part that holds something to be taken out.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _passTypes, _filterTypes, _passExtensions, _filterExtensions, _html, _attachments, _maxAttachment, _empty, _signed })
        {
            command.Add(option);
        }
    }

    public FilterChange Read(ParseResult parse) => new()
    {
        PassTypes = parse.GetValue(_passTypes),
        FilterTypes = parse.GetValue(_filterTypes),
        PassExtensions = parse.GetValue(_passExtensions),
        FilterExtensions = parse.GetValue(_filterExtensions),
        Html = parse.GetValue(_html),
        Attachments = parse.GetValue(_attachments),
        MaxAttachmentOctets = parse.GetValue(_maxAttachment),
        Empty = parse.GetValue(_empty),
        Signed = parse.GetValue(_signed),
    };

    public static void Print(ContentFilter filter, TextWriter output)
    {
        string?[] rules =
        [
            filter.PassTypes.IsEmpty ? null : $"only {string.Join(' ', filter.PassTypes)}",
            filter.FilterTypes.IsEmpty ? null : $"without {string.Join(' ', filter.FilterTypes)}",
            filter.PassExtensions.IsEmpty ? null : $"only files .{string.Join(" .", filter.PassExtensions)}",
            filter.FilterExtensions.IsEmpty ? null : $"without files .{string.Join(" .", filter.FilterExtensions)}",
            filter.Html is HtmlAction.Text ? "HTML as text" : null,
            filter.Attachments is AttachmentAction.Keep ? null : $"attachments over {filter.MaxAttachmentOctets} octets: {ListCommand.Words(filter.Attachments)}",
        ];
        var named = string.Join("; ", rules.OfType<string>());
        output.WriteLine(Shown.Line($"parts         {(named.Length == 0 ? "all pass" : $"{named}; of nothing left: {ListCommand.Words(filter.Empty)}; signed: {ListCommand.Words(filter.Signed)}")}"));
    }
}
