using System.Text.Json.Serialization;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>
/// One thing that became different: what a commit is made of, and what the journal keeps. The name in the journal never changes;
/// a record that a later version no longer writes is still read.
/// </summary>
[JsonDerivedType(typeof(DomainSaved), "domain-saved")]
[JsonDerivedType(typeof(DomainRemoved), "domain-removed")]
[JsonDerivedType(typeof(KeySaved), "key-saved")]
[JsonDerivedType(typeof(ListSaved), "list-saved")]
[JsonDerivedType(typeof(ListRemoved), "list-removed")]
[JsonDerivedType(typeof(MembersSaved), "members-saved")]
[JsonDerivedType(typeof(MembersRemoved), "members-removed")]
[JsonDerivedType(typeof(BounceCounted), "bounce-counted")]
[JsonDerivedType(typeof(BouncesForgotten), "bounces-forgotten")]
[JsonDerivedType(typeof(MemberResumed), "member-resumed")]
[JsonDerivedType(typeof(MemberNewsAdded), "member-news-added")]
[JsonDerivedType(typeof(ProbeSent), "probe-sent")]
[JsonDerivedType(typeof(ProbeEnded), "probe-ended")]
[JsonDerivedType(typeof(IncidentCounted), "incident-counted")]
[JsonDerivedType(typeof(IncidentsClosed), "incidents-closed")]
[JsonDerivedType(typeof(OwnersTold), "owners-told")]
[JsonDerivedType(typeof(DmarcConsentGiven), "dmarc-consent-given")]
[JsonDerivedType(typeof(DmarcConsentWithdrawn), "dmarc-consent-withdrawn")]
[JsonDerivedType(typeof(ReceivedCounted), "received-counted")]
[JsonDerivedType(typeof(ReportSettled), "report-settled")]
[JsonDerivedType(typeof(DomainsAsked), "domains-asked")]
[JsonDerivedType(typeof(StsPolicySaved), "sts-policy-saved")]
[JsonDerivedType(typeof(TlsCounted), "tls-counted")]
[JsonDerivedType(typeof(DmarcReportTaken), "dmarc-report-taken")]
[JsonDerivedType(typeof(TlsReportTaken), "tls-report-taken")]
[JsonDerivedType(typeof(SourcesMarked), "sources-marked")]
[JsonDerivedType(typeof(AccountSaved), "account-saved")]
[JsonDerivedType(typeof(AccountRemoved), "account-removed")]
[JsonDerivedType(typeof(UserSaved), "user-saved")]
[JsonDerivedType(typeof(UserRemoved), "user-removed")]
[JsonDerivedType(typeof(SignInLinkMade), "sign-in-link-made")]
[JsonDerivedType(typeof(SignInLinkUsed), "sign-in-link-used")]
[JsonDerivedType(typeof(SessionOpened), "session-opened")]
[JsonDerivedType(typeof(SessionsClosed), "sessions-closed")]
[JsonDerivedType(typeof(PasskeySaved), "passkey-saved")]
[JsonDerivedType(typeof(PasskeyRemoved), "passkey-removed")]
[JsonDerivedType(typeof(PasswordSaved), "password-saved")]
[JsonDerivedType(typeof(PasswordRemoved), "password-removed")]
[JsonDerivedType(typeof(AuditAdded), "audit-added")]
[JsonDerivedType(typeof(ApiTokenSaved), "api-token-saved")]
[JsonDerivedType(typeof(ApiTokenUsed), "api-token-used")]
[JsonDerivedType(typeof(ApiTokensRemoved), "api-tokens-removed")]
[JsonDerivedType(typeof(RepeatBegun), "repeat-begun")]
[JsonDerivedType(typeof(RepeatAnswered), "repeat-answered")]
[JsonDerivedType(typeof(RepeatForgotten), "repeat-forgotten")]
[JsonDerivedType(typeof(JobSaved), "job-saved")]
[JsonDerivedType(typeof(ConfirmationSaved), "confirmation-saved")]
[JsonDerivedType(typeof(ConfirmationRemoved), "confirmation-removed")]
[JsonDerivedType(typeof(JoinRequestSaved), "join-request-saved")]
[JsonDerivedType(typeof(JoinRequestRemoved), "join-request-removed")]
[JsonDerivedType(typeof(TemplateSaved), "template-saved")]
[JsonDerivedType(typeof(TemplateRemoved), "template-removed")]
[JsonDerivedType(typeof(BanSaved), "ban-saved")]
[JsonDerivedType(typeof(BanRemoved), "ban-removed")]
[JsonDerivedType(typeof(NoticeOwed), "notice-owed")]
[JsonDerivedType(typeof(NoticeSettled), "notice-settled")]
[JsonDerivedType(typeof(PostSaved), "post-saved")]
[JsonDerivedType(typeof(HeldTold), "held-told")]
[JsonDerivedType(typeof(AuthorRuleSaved), "author-rule-saved")]
[JsonDerivedType(typeof(AuthorRuleRemoved), "author-rule-removed")]
[JsonDerivedType(typeof(OctetsKept), "octets-kept")]
[JsonDerivedType(typeof(TraceAdded), "trace-added")]
[JsonDerivedType(typeof(UndoKept), "undo-kept")]
[JsonDerivedType(typeof(PostQueued), "post-queued")]
[JsonDerivedType(typeof(ArchiveDue), "archive-due")]
[JsonDerivedType(typeof(PostsArchived), "posts-archived")]
[JsonDerivedType(typeof(MessagesTakenDown), "messages-taken-down")]
[JsonDerivedType(typeof(MessagesImported), "messages-imported")]
[JsonDerivedType(typeof(DigestDue), "digest-due")]
[JsonDerivedType(typeof(DigestIssued), "digest-issued")]
[JsonDerivedType(typeof(MailQueued), "mail-queued")]
[JsonDerivedType(typeof(GroupProgress), "group-progress")]
[JsonDerivedType(typeof(GroupsHastened), "groups-hastened")]
[JsonDerivedType(typeof(AnnouncementPlanned), "announcement-planned")]
[JsonDerivedType(typeof(AnnouncementStarted), "announcement-started")]
[JsonDerivedType(typeof(AnnouncementPaused), "announcement-paused")]
[JsonDerivedType(typeof(AnnouncementResumed), "announcement-resumed")]
[JsonDerivedType(typeof(AnnouncementRescheduled), "announcement-rescheduled")]
[JsonDerivedType(typeof(AnnouncementStopped), "announcement-stopped")]
[JsonDerivedType(typeof(RecipientsStopped), "recipients-stopped")]
public abstract record Change
{
    private protected Change()
    {
    }

    /// <summary>Writes into the draft what the change does to the table. The same draft reads the same afterwards: a replay depends on it.</summary>
    /// <exception cref="InvalidOperationException">The change contradicts what stands there; nothing of the commit happens.</exception>
    internal abstract void ApplyTo(Draft draft);
}
