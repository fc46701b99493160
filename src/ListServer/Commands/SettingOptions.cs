using System.CommandLine;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Digests;

namespace ListServer.Commands;

/// <summary>A list's settings as options of a command.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string?> _name = new("--name") { Description = "The name people see." };
    private readonly Option<string?> _description = new("--description") { Description = "One line about the list." };
    private readonly Option<string?> _language = new("--language") { Description = "The language of notices: en or ja." };
    private readonly Option<PostingPolicy?> _policy = Choice<PostingPolicy>("--policy", "Who may post.");
    private readonly Option<SubscriptionPolicy?> _subscription = Choice<SubscriptionPolicy>("--subscription", "How somebody becomes a member who asks for it.");
    private readonly Option<RosterAccess?> _roster = Choice<RosterAccess>("--roster", "Who is told the members by mail ('who').");
    private readonly Option<bool?> _advertised = new("--advertised") { Description = "Name the list to whoever asks by mail which lists there are (true by default)." };
    private readonly Option<string?> _prefix = new("--prefix") { Description = "Put before the subject; %d or %05d is the post's serial number." };
    private readonly Option<ReplyPolicy?> _replyTo = Choice<ReplyPolicy>("--reply-to", "Where answers go.");
    private readonly Option<string?> _replyAddress = new("--reply-address") { Description = "The address of --reply-to explicit." };
    private readonly TextOptions _texts = new();
    private readonly Option<bool?> _transparent = new("--transparent") { Description = "Leave the author's octets as they are: no prefix, header, footer or Reply-To of the list's (false by default)." };
    private readonly Option<bool?> _anonymous = new("--anonymous") { Description = "Let nothing leave that names an author (false by default)." };
    private readonly Option<MitigationSetting?> _mitigation = Choice<MitigationSetting>("--mitigation", "What happens to From when the author's signature does not survive.");
    private readonly Option<bool?> _personalize = new("--personalize") { Description = "A copy for each member, with one-click leaving." };
    private readonly Option<bool?> _verp = new("--verp") { Description = "A return address for each member (VERP), so that what comes back counts; the copy itself stays the same for all." };
    private readonly Option<bool?> _requireAuthentication = new("--require-author-auth") { Description = "Hold posts of authors who were not authenticated (true by default)." };
    private readonly Option<bool?> _rejectForged = new("--reject-forged") { Description = "Refuse, not hold, unauthenticated posts of p=reject authors when SPF failed too. Needs consent: dmarc-consent give." };
    private readonly Option<bool?> _removeUnreachable = new("--remove-unreachable") { Description = "Remove a suspended member once the third probe came back (true by default); else they stay suspended." };
    private readonly Option<string?> _senderName = new("--sender-name") { Description = "Who advertises: announcements must show it, with address, contact and how to leave." };
    private readonly Option<string?> _senderAddress = new("--sender-address") { Description = "The sender's postal address." };
    private readonly Option<string?> _senderContact = new("--sender-contact") { Description = "Where questions and complaints go: an address, number or URL." };
    private readonly Option<HoldNoticeSetting?> _holdNotices = Choice<HoldNoticeSetting>("--hold-notices", "When owners and moderators are told of held posts.");
    private readonly Option<bool?> _tellHeld = new("--tell-held") { Description = "Tell an authenticated author that a post is held (true by default)." };
    private readonly Option<int?> _maxHeldDays = new("--max-held-days") { Description = "Discard a held post on which nobody decided for so many days; 0 for never (the default)." };
    private readonly Option<long?> _maxPost = new("--max-post") { Description = "The largest post in octets; larger ones are held. 0: the server's limit." };

    private readonly Option<ArchiveAccess?> _archive = Choice<ArchiveAccess>("--archive", "Whether posts are kept, and who may read them.");

    private readonly Option<int?> _digestSize = new("--digest-size") { Description = "A digest goes once so many KB have gathered (30 by default); 0 leaves it to the time alone." };
    private readonly Option<DigestPeriod?> _digestPeriod = Choice<DigestPeriod>("--digest-period", "How long a post waits for a digest at the most.");
    private readonly Option<DigestVolume?> _digestVolume = Choice<DigestVolume>("--digest-volume", "When a digest's volume is full.");

    private readonly ModerationOptions _moderation = new();
    private readonly FilterOptions _filter = new();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _name, _description, _language, _policy, _subscription, _roster, _advertised, _prefix, _replyTo, _replyAddress, _transparent, _anonymous, _mitigation, _personalize, _verp, _requireAuthentication, _rejectForged, _removeUnreachable, _holdNotices, _tellHeld, _maxHeldDays, _maxPost,
            _senderName, _senderAddress, _senderContact, _archive,
            _digestSize, _digestPeriod, _digestVolume,
        })
        {
            command.Add(option);
        }

        _texts.AddTo(command);
        _moderation.AddTo(command);
        _filter.AddTo(command);
    }

    public ListSettings Read(ParseResult parse) => new()
    {
        DisplayName = parse.GetValue(_name),
        Description = parse.GetValue(_description),
        Language = parse.GetValue(_language),
        Posting = parse.GetValue(_policy),
        Subscription = parse.GetValue(_subscription),
        Roster = parse.GetValue(_roster),
        IsAdvertised = parse.GetValue(_advertised),
        SubjectPrefix = parse.GetValue(_prefix),
        ReplyTo = parse.GetValue(_replyTo),
        ReplyAddress = parse.GetValue(_replyAddress),
        Header = _texts.Header(parse),
        HeaderHtml = _texts.HeaderHtml(parse),
        Footer = _texts.Footer(parse),
        FooterHtml = _texts.FooterHtml(parse),
        IsTransparent = parse.GetValue(_transparent),
        IsAnonymous = parse.GetValue(_anonymous),
        Mitigation = parse.GetValue(_mitigation),
        Personalize = parse.GetValue(_personalize),
        Verp = parse.GetValue(_verp),
        RequireAuthorAuthentication = parse.GetValue(_requireAuthentication),
        RejectForgedStrict = parse.GetValue(_rejectForged),
        RemoveUnreachable = parse.GetValue(_removeUnreachable),
        Moderation = _moderation.Read(parse),
        Filter = _filter.Read(parse),
        HoldNotices = parse.GetValue(_holdNotices),
        TellHeldAuthors = parse.GetValue(_tellHeld),
        MaxHeldDays = parse.GetValue(_maxHeldDays),
        MaxPostOctets = parse.GetValue(_maxPost),
        DigestKilobytes = parse.GetValue(_digestSize),
        DigestPeriod = parse.GetValue(_digestPeriod),
        DigestVolume = parse.GetValue(_digestVolume),
        Archive = parse.GetValue(_archive),
        SenderName = parse.GetValue(_senderName),
        SenderAddress = parse.GetValue(_senderAddress),
        SenderContact = parse.GetValue(_senderContact),
    };

    // Choices are written as people write them: announce-only for AnnounceOnly.
    internal static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>().ToDictionary(ListCommand.Words, value => value, StringComparer.OrdinalIgnoreCase);
        return new Option<T?>(name)
        {
            Description = $"{description} One of {string.Join(", ", words.Keys)}.",
            HelpName = string.Join('|', words.Keys),
            CustomParser = result =>
            {
                if (words.TryGetValue(result.Tokens[0].Value, out var value))
                {
                    return value;
                }

                result.AddError($"{name} takes one of {string.Join(", ", words.Keys)}, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };
    }
}
