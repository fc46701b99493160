using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.Lists.Cooking;
using ListServer.Lists.Digests;
using ListServer.Lists.Filtering;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;

namespace ListServer.Admin.Lists;

/// <summary>Settings to change; null leaves a setting as it is.</summary>
public sealed record ListSettings
{
    /// <summary>See <see cref="MailingList.DisplayName"/>.</summary>
    public string? DisplayName { get; init; }

    /// <summary>See <see cref="MailingList.Description"/>.</summary>
    public string? Description { get; init; }

    /// <summary>See <see cref="MailingList.Language"/>.</summary>
    public string? Language { get; init; }

    /// <summary>See <see cref="MailingList.Posting"/>.</summary>
    public PostingPolicy? Posting { get; init; }

    /// <summary>See <see cref="MailingList.Subscription"/>.</summary>
    public SubscriptionPolicy? Subscription { get; init; }

    /// <summary>See <see cref="MailingList.Roster"/>.</summary>
    public RosterAccess? Roster { get; init; }

    /// <summary>See <see cref="MailingList.IsAdvertised"/>.</summary>
    public bool? IsAdvertised { get; init; }

    /// <summary>See <see cref="MailingList.SubjectPrefix"/>.</summary>
    public string? SubjectPrefix { get; init; }

    /// <summary>See <see cref="MailingList.ReplyTo"/>.</summary>
    public ReplyPolicy? ReplyTo { get; init; }

    /// <summary>See <see cref="MailingList.ReplyAddress"/>.</summary>
    public string? ReplyAddress { get; init; }

    /// <summary>See <see cref="MailingList.Header"/>.</summary>
    public string? Header { get; init; }

    /// <summary>See <see cref="MailingList.HeaderHtml"/>.</summary>
    public string? HeaderHtml { get; init; }

    /// <summary>See <see cref="MailingList.FooterHtml"/>.</summary>
    public string? FooterHtml { get; init; }

    /// <summary>See <see cref="MailingList.IsTransparent"/>.</summary>
    public bool? IsTransparent { get; init; }

    /// <summary>See <see cref="MailingList.IsAnonymous"/>.</summary>
    public bool? IsAnonymous { get; init; }

    /// <summary>See <see cref="MailingList.Footer"/>.</summary>
    public string? Footer { get; init; }

    /// <summary>See <see cref="MailingList.Mitigation"/>.</summary>
    public MitigationSetting? Mitigation { get; init; }

    /// <summary>See <see cref="MailingList.RequireAuthorAuthentication"/>.</summary>
    public bool? RequireAuthorAuthentication { get; init; }

    /// <summary>See <see cref="MailingList.RejectForgedStrict"/>.</summary>
    public bool? RejectForgedStrict { get; init; }

    /// <summary>See <see cref="MailingList.Personalize"/>.</summary>
    public bool? Personalize { get; init; }

    /// <summary>See <see cref="MailingList.Verp"/>.</summary>
    public bool? Verp { get; init; }

    /// <summary>See <see cref="MailingList.RemoveUnreachable"/>.</summary>
    public bool? RemoveUnreachable { get; init; }

    /// <summary>See <see cref="MailingList.MaxPostOctets"/>.</summary>
    public long? MaxPostOctets { get; init; }

    /// <summary>See <see cref="MailingList.Archive"/>.</summary>
    public ArchiveAccess? Archive { get; init; }

    /// <summary>See <see cref="MailingList.Moderation"/>.</summary>
    public ModerationChange? Moderation { get; init; }

    /// <summary>See <see cref="MailingList.Filter"/>.</summary>
    public FilterChange? Filter { get; init; }

    /// <summary>See <see cref="MailingList.HoldNotices"/>.</summary>
    public HoldNoticeSetting? HoldNotices { get; init; }

    /// <summary>See <see cref="MailingList.TellHeldAuthors"/>.</summary>
    public bool? TellHeldAuthors { get; init; }

    /// <summary>See <see cref="MailingList.MaxHeldDays"/>.</summary>
    public int? MaxHeldDays { get; init; }

    /// <summary>See <see cref="MailingList.DigestKilobytes"/>.</summary>
    public int? DigestKilobytes { get; init; }

    /// <summary>See <see cref="MailingList.DigestPeriod"/>.</summary>
    public DigestPeriod? DigestPeriod { get; init; }

    /// <summary>See <see cref="MailingList.DigestVolume"/>.</summary>
    public DigestVolume? DigestVolume { get; init; }

    /// <summary>See <see cref="ListSender.Name"/>; name, address and contact empty for no sender.</summary>
    public string? SenderName { get; init; }

    /// <summary>See <see cref="ListSender.Address"/>.</summary>
    public string? SenderAddress { get; init; }

    /// <summary>See <see cref="ListSender.Contact"/>.</summary>
    public string? SenderContact { get; init; }

    /// <summary>Puts the settings into a list.</summary>
    /// <returns>What is wrong, or null; then <paramref name="changed"/> is the list with them.</returns>
    internal string? Apply(MailingList list, out MailingList changed)
    {
        changed = list with
        {
            DisplayName = DisplayName ?? list.DisplayName,
            Description = Description ?? list.Description,
            Language = Language ?? list.Language,
            Posting = Posting ?? list.Posting,
            Subscription = Subscription ?? list.Subscription,
            Roster = Roster ?? list.Roster,
            IsAdvertised = IsAdvertised ?? list.IsAdvertised,
            SubjectPrefix = SubjectPrefix ?? list.SubjectPrefix,
            ReplyTo = ReplyTo ?? list.ReplyTo,
            ReplyAddress = ReplyAddress?.Trim() ?? list.ReplyAddress,
            Header = Header?.ReplaceLineEndings("\n") ?? list.Header,
            HeaderHtml = HeaderHtml?.ReplaceLineEndings("\n") ?? list.HeaderHtml,
            FooterHtml = FooterHtml?.ReplaceLineEndings("\n") ?? list.FooterHtml,
            IsTransparent = IsTransparent ?? list.IsTransparent,
            IsAnonymous = IsAnonymous ?? list.IsAnonymous,
            Footer = Footer?.ReplaceLineEndings("\n") ?? list.Footer,
            Mitigation = Mitigation ?? list.Mitigation,
            RequireAuthorAuthentication = RequireAuthorAuthentication ?? list.RequireAuthorAuthentication,
            RejectForgedStrict = RejectForgedStrict ?? list.RejectForgedStrict,
            Personalize = Personalize ?? list.Personalize,
            Verp = Verp ?? list.Verp,
            RemoveUnreachable = RemoveUnreachable ?? list.RemoveUnreachable,
            MaxPostOctets = MaxPostOctets ?? list.MaxPostOctets,
            Archive = Archive ?? list.Archive,
            HoldNotices = HoldNotices ?? list.HoldNotices,
            TellHeldAuthors = TellHeldAuthors ?? list.TellHeldAuthors,
            MaxHeldDays = MaxHeldDays ?? list.MaxHeldDays,
            DigestKilobytes = DigestKilobytes ?? list.DigestKilobytes,
            DigestPeriod = DigestPeriod ?? list.DigestPeriod,
            DigestVolume = DigestVolume ?? list.DigestVolume,
            Sender = SenderOf(list.Sender),
        };
        if ((Moderation ?? new()).Apply(list.Moderation, out var moderation) is { } problem)
        {
            return problem;
        }

        if ((Filter ?? new()).Apply(list.Filter, out var filter) is { } fault)
        {
            return fault;
        }

        changed = changed with { Moderation = moderation, Filter = filter };
        return Problem(changed)
            ?? TextProblem("header", Header, changed.Header) ?? TextProblem("header for HTML", HeaderHtml, changed.HeaderHtml)
            ?? TextProblem("footer", Footer, changed.Footer) ?? TextProblem("footer for HTML", FooterHtml, changed.FooterHtml);
    }

    // Only what is set now: a list of before there were templates may have any braces in its footer.
    private static string? TextProblem(string what, string? set, string text) =>
        set is not null && ListText.Problem(text) is { } problem ? $"The {what} can't be used. {problem}" : null;

    private ListSender? SenderOf(ListSender? present)
    {
        var sender = new ListSender(SenderName ?? present?.Name ?? "", SenderAddress ?? present?.Address ?? "", SenderContact ?? present?.Contact ?? "");
        return sender == new ListSender("", "", "") ? null : sender;
    }

    private static string? Problem(MailingList list) => list switch
    {
        { Sender: { Name: "" } or { Address: "" } or { Contact: "" } } => "A sender has a name, an address and a contact, or none of them.",
        { DisplayName: "" } => "The display name is empty.",
        { DisplayName.Length: > 100 } => "The display name is longer than 100 characters.",
        { SubjectPrefix.Length: > 60 } => "The subject prefix is longer than 60 characters.",
        { IsTransparent: true, IsAnonymous: true } => "A list changes nothing (transparent) or hides its authors (anonymous), not both.",
        { IsTransparent: true } when !list.Filter.IsIdle => "A transparent list changes nothing: take the content filter off, or leave the list as it is.",
        { DigestKilobytes: < 0 or > 10_000 } => "A digest is made of 1 to 10,000 KB, or of 0 for its time alone.",
        { MaxPostOctets: < 0 } => "The largest post can't be less than 0 octets.",
        { ReplyTo: ReplyPolicy.Explicit } when !MemberAddress.TryParse(list.ReplyAddress, out _, out _) || !list.ReplyAddress.All(char.IsAscii) =>
            $"'{list.ReplyAddress}' is no address to reply to. Give one with the policy explicit, such as office@example.org.",
        { Filter.Attachments: AttachmentAction.Link, Archive: not (ArchiveAccess.Members or ArchiveAccess.Public) } =>
            "Attachments can be links only where members can open the archive: set the archive to members or public, or let attachments be removed.",
        { MaxHeldDays: < 0 or > 365 } => "A held post waits 1 to 365 days, or 0 for as long as it takes.",
        { Language: not ("en" or "ja") } => $"'{list.Language}' is not a language here. Choose en or ja.",
        _ when HasControls(list.DisplayName) || HasControls(list.Description) || HasControls(list.SubjectPrefix) =>
            "A name, description or prefix can't hold line breaks or control characters.",
        _ => null,
    };

    private static bool HasControls(string text) => text.Any(char.IsControl);
}
