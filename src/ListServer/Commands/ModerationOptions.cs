using System.CommandLine;
using ListServer.Admin.Lists;
using ListServer.Lists.Moderation;

namespace ListServer.Commands;

/// <summary>A list's rules of moderation as options of a command.</summary>
internal sealed class ModerationOptions
{
    private readonly Option<bool?> _emergency = new("--emergency") { Description = "Hold every post, whoever wrote it." };
    private readonly Option<AuthorAction?> _nonmembers = SettingOptions.Choice<AuthorAction>("--nonmembers", "What becomes of posts of those who are no members.");
    private readonly Option<int?> _maxRecipients = new("--max-recipients") { Description = "Hold posts with more addresses in To and Cc (10 on a new list); 0 for any number." };
    private readonly Option<bool?> _administrivia = new("--hold-commands") { Description = "Hold posts that look like mail commands (true on a new list)." };
    private readonly Option<bool?> _destination = new("--require-destination") { Description = "Hold posts that do not name the list in To or Cc (true on a new list)." };
    private readonly Option<string?> _aliases = new("--aliases") { Description = "Further addresses that name the list, with * for any characters." };
    private readonly Option<bool?> _subject = new("--require-subject") { Description = "Hold posts without a subject (true on a new list)." };
    private readonly Option<bool?> _quotes = new("--hold-digest-quotes") { Description = "Hold answers that quote a whole digest or bear its subject (true on a new list)." };
    private readonly Option<FileInfo> _headers = new("--header-rules") { Description = "A file of rules, one a line: hold|reject|discard FIELD: PATTERN. An empty file for none." };
    private readonly Option<string?> _spamHold = new("--spam-hold") { Description = "Hold posts with this score of rspamd or SpamAssassin, or a higher one; off for any." };
    private readonly Option<string?> _spamReject = new("--spam-reject") { Description = "Refuse posts with this score, or a higher one; off for any." };
    private readonly Option<int?> _postsADay = new("--max-posts-a-day") { Description = "Hold an author's further posts within 24 hours; 0 for any number." };

    public ModerationOptions() => _headers.AcceptExistingOnly();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _emergency, _nonmembers, _maxRecipients, _administrivia, _destination, _aliases, _subject, _quotes, _headers, _spamHold, _spamReject, _postsADay,
        })
        {
            command.Add(option);
        }
    }

    public ModerationChange Read(ParseResult parse) => new()
    {
        IsEmergency = parse.GetValue(_emergency),
        Nonmembers = parse.GetValue(_nonmembers),
        MaxRecipients = parse.GetValue(_maxRecipients),
        HoldsAdministrivia = parse.GetValue(_administrivia),
        RequiresDestination = parse.GetValue(_destination),
        Aliases = parse.GetValue(_aliases),
        RequiresSubject = parse.GetValue(_subject),
        HoldsDigestQuotes = parse.GetValue(_quotes),
        HeaderMatches = parse.GetValue(_headers) is { } file ? File.ReadAllText(file.FullName) : null,
        SpamHoldScore = parse.GetValue(_spamHold),
        SpamRejectScore = parse.GetValue(_spamReject),
        MaxPostsADay = parse.GetValue(_postsADay),
    };

    public static void Print(ModerationSettings rules, TextWriter output)
    {
        string?[] held =
        [
            rules.IsEmergency ? "everything (emergency)" : null,
            rules.MaxRecipients > 0 ? $"over {rules.MaxRecipients} recipients" : null,
            rules.HoldsAdministrivia ? "commands" : null,
            rules.RequiresDestination ? "not to the list" : null,
            rules.RequiresSubject ? "no subject" : null,
            rules.HoldsDigestQuotes ? "digest quotes" : null,
            rules.MaxPostsADay > 0 ? $"over {rules.MaxPostsADay} posts a day" : null,
            rules.SpamHoldScore is { } hold ? $"spam score {hold}" : null,
        ];
        output.WriteLine(Shown.Line($"held          {string.Join(", ", held.OfType<string>())}"));
        output.WriteLine(Shown.Line($"nonmembers    {ListCommand.Words(rules.Nonmembers)}"));
        output.WriteLine(Shown.Line($"aliases       {string.Join(' ', rules.Aliases)}"));
        output.WriteLine(Shown.Line($"spam refused  {(rules.SpamRejectScore is { } reject ? $"from {reject} on" : "never")}"));
        foreach (var match in rules.HeaderMatches)
        {
            output.WriteLine(Shown.Line($"header rule   {match}"));
        }
    }
}
