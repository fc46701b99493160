using System.Text.Json;
using System.Text.Json.Nodes;
using ListServer.Lists;
using ListServer.Lists.Consents;
using ListServer.Lists.Webhooks;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.Audit;

/// <summary>Turns changes into what the record of changes says of them: before and after, without secrets.</summary>
internal static class AuditTrail
{
    private const int MostFields = 40;
    private const int MostLetters = 500;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The entry for one commit; null when nothing in it is for the record.</summary>
    public static AuditEntry? Of(IReadOnlyList<Change> changes, AdminContext context)
    {
        var about = "";
        var fields = new List<AuditedField>();
        var more = 0;
        foreach (var change in changes)
        {
            // Of an import of many members, those that nobody will read about are not looked up.
            if (fields.Count >= MostFields && change is (MembersSaved or MembersRemoved))
            {
                more += change is MembersSaved saved ? saved.Members.Length : ((MembersRemoved)change).Addresses.Length;
                continue;
            }

            if (Describe(change, context.Store) is var (subject, some))
            {
                about = about.Length > 0 ? about : subject;
                fields.AddRange(some);
            }
        }

        return about.Length == 0
            ? null
            : new AuditEntry(OrderedId.New(context.Time), context.Time.GetUtcNow(), context.Actor, context.UseCase, about, [.. Few(fields, more).Select(Cut)]);
    }

    private static (string About, IEnumerable<AuditedField> Fields)? Describe(Change change, ListStore store) => change switch
    {
        ListSaved(var list) => (list.Address, Difference(store.FindList(list.Address), list)),
        ListRemoved(var address) => (address, Difference(store.FindList(address), null)),
        DomainSaved(var domain) => (domain.Name, Difference(store.FindDomain(domain.Name), domain)),
        DomainRemoved(var name) => (name, Difference(store.FindDomain(name), null)),
        KeySaved(var key) when store.FindKey(key.Domain, key.Selector)?.Stage != key.Stage =>
            (key.Domain, [new AuditedField("key " + key.Selector, store.FindKey(key.Domain, key.Selector) is { } before ? Json(before.Stage) : "", Json(key.Stage))]),
        MembersSaved(var list, var members) => (list, members.Select(m => new AuditedField(m.Address, Words(store.FindMember(list, m.Address)), Words(m)))),
        MembersRemoved removed => (removed.List, removed.Addresses.Select(a => new AuditedField(a, Words(store.FindMember(removed.List, a)), ""))),
        MemberResumed resumed => (resumed.List, [new AuditedField(resumed.Address, "suspended", "receiving")]),
        TemplateSaved(var template) => (template.Scope.Length > 0 ? template.Scope : "all lists", [new AuditedField(
            $"{template.Language}/{template.Name}", store.FindTemplate(template.Scope, template.Language, template.Name)?.Source ?? "", template.Source)]),
        TemplateRemoved(var scope, var language, var name) => (scope.Length > 0 ? scope : "all lists", [new AuditedField($"{language}/{name}", store.FindTemplate(scope, language, name)?.Source ?? "", "")]),
        BanSaved(var ban) => (ban.List.Length > 0 ? ban.List : "all lists", [new AuditedField(ban.Pattern, "", "banned")]),
        BanRemoved(var list, var pattern) => (list.Length > 0 ? list : "all lists", [new AuditedField(pattern, "banned", "")]),
        JoinRequestSaved(var request) => (request.List, [new AuditedField(request.Address, "", "asks to join")]),
        JoinRequestRemoved(var list, var address) => (list, [new AuditedField(address, "asks to join", "decided")]),
        NoticeOwed({ Question: not null } owed) => (owed.List, [new AuditedField(owed.To, "", "invited")]),
        PostSaved(var post) => (post.List, [new AuditedField(post.Id, Words(store.FindPost(post.Id)), Words(post))]),
        DmarcConsentGiven(var consent) => (consent.Scope, [new AuditedField("consent to " + Json(consent.Purpose), Words(store.FindDmarcConsent(consent.Scope, consent.Purpose)), Words(consent))]),
        DmarcConsentWithdrawn(var scope, var purpose, _, _) => (scope, [new AuditedField("consent to " + Json(purpose), Words(store.FindDmarcConsent(scope, purpose)), "withdrawn")]),
        IncidentsClosed closed => (closed.List, closed.Ids.Select(id => new AuditedField(id, "open", "closed"))),
        DmarcReportTaken(var report, _) => (report.Domain, [new AuditedField(report.Id, "", "report taken")]),
        TlsReportTaken(var report, _) => (report.Domain, [new AuditedField(report.Id, "", "report taken")]),
        SourcesMarked marked => (marked.Domain, marked.Sources.Select(source => new AuditedField(source, "", marked.Mark.ToString().ToLowerInvariant()))),
        AccountSaved(var account) => (account.Name, [new AuditedField("addresses", string.Join(", ", store.FindAccount(account.Name)?.Addresses ?? []), string.Join(", ", account.Addresses))]),
        AccountRemoved(var name) => (name, [new AuditedField("account", name, "")]),
        UserSaved(var user) => (user.Address, Difference(store.FindUser(user.Address), user)),
        UserRemoved(var address) => (address, Difference(store.FindUser(address), null)),
        WebhookSaved(var hook) => (hook.List.Length > 0 ? hook.List : "all lists", [Describe(hook, store.WebhooksOf(hook.List).FirstOrDefault(before => before.Id == hook.Id))]),
        WebhookRemoved(var hook) => (hook.List.Length > 0 ? hook.List : "all lists", [new AuditedField("webhook " + hook.Url, "told", "")]),
        ApiTokenSaved(var token) => (token.Address, [new AuditedField($"token “{token.Name}”", "", $"made: {string.Join(' ', token.Scopes)}{(token.Lists.IsEmpty ? "" : $", for {string.Join(' ', token.Lists)}")}")]),
        ApiTokensRemoved removed => (removed.Address, removed.Names.Select(name => new AuditedField($"token “{name}”", "", "revoked"))),
        SessionOpened(var session) => (session.Address, [new AuditedField("signed in from", "", session.Client)]),
        PasskeySaved(var passkey) => Describe(passkey, store),
        PasskeyRemoved(var handle, var id) => Describe(store.FindPasskey(handle, id)!),
        PasswordSaved(var password) => Describe(password, store.FindPassword(password.Address)),
        PasswordRemoved(var address) => (address, [new AuditedField("password", "set", "")]),
        GroupsHastened hastened => (hastened.Destination, [new AuditedField("tried again", "", hastened.GroupIds.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))]),
        AnnouncementPlanned(var plan) => (plan.List, [new AuditedField(plan.PostId, "", "planned")]),
        AnnouncementPaused paused => (paused.PostId, [new AuditedField("announcement", "", "paused")]),
        AnnouncementResumed resumed => (resumed.PostId, [new AuditedField("announcement", "", "resumed")]),
        AnnouncementRescheduled moved => (moved.PostId, [new AuditedField("announcement", "", Json(moved.NotBefore))]),
        AnnouncementStopped stopped => (stopped.PostId, [new AuditedField("announcement", "", "stopped")]),
        MessagesTakenDown taken => (taken.List, taken.Hashes.Select(hash => new AuditedField(hash, "in the archive", "taken down"))),
        MessagesImported imported => (imported.List, [new AuditedField("messages of the archive", "", "imported: " + imported.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))]),
        _ => null,
    };

    private static AuditedField Describe(Webhook hook, Webhook? before) => before switch
    {
        null => new("webhook " + hook.Url, "", hook.Events.IsEmpty ? "everything" : string.Join(' ', hook.Events)),
        { DisabledAt: not null } => new("webhook " + hook.Url, "given up", "told again"),
        _ => new("webhook " + hook.Url, "", "new secret"),
    };

    private static string Words(Member? member) => member is null
        ? ""
        : member.Role.ToString().ToLowerInvariant() + (member.SuspendedAt is not null ? ", suspended" : !member.IsReceiving ? ", no mail" : member.Delivery is DeliveryMode.Regular ? "" : ", " + Json(member.Delivery))
            + (member.PausedUntil is { } until ? $", paused until {Json(until)}" : "");

    private static string Words(DmarcConsent? consent) => consent switch
    {
        null => "",
        { Stands: true } => $"given, words of {consent.Version} ({consent.Language}), {consent.Face}",
        _ => "withdrawn",
    };

    // That one was used stands with the session that it opened.
    private static (string About, IEnumerable<AuditedField> Fields)? Describe(Passkey passkey, ListStore store)
    {
        var before = store.FindPasskey(passkey.Handle, passkey.Id)?.Name ?? "";
        return before == passkey.Name ? null : (passkey.Address, [new AuditedField("passkey", before, passkey.Name)]);
    }

    private static (string About, IEnumerable<AuditedField> Fields)? Describe(Passkey gone) => (gone.Address, [new AuditedField("passkey", gone.Name, "")]);

    // That a code from an app was used stands with the session that it opened.
    private static (string About, IEnumerable<AuditedField> Fields)? Describe(PasswordAndCode now, PasswordAndCode? before)
    {
        var (old, left) = (before is null ? "" : Json(before.RecoveryHashes.Length), Json(now.RecoveryHashes.Length));
        return before?.PasswordHash != now.PasswordHash ? (now.Address, [new AuditedField("password", before is null ? "" : "set", "set anew")])
            : old != left ? (now.Address, [new AuditedField("recovery codes left", old, left)])
            : null;
    }

    private static string Words(Post? post) => post is null ? "" : post.State.ToString().ToLowerInvariant();

    private static IEnumerable<AuditedField> Difference<T>(T? before, T? after)
        where T : class
    {
        var (old, now) = (Properties(before), Properties(after));
        return old.Keys.Union(now.Keys).Where(name => !IsSecret(name))
            .Select(name => new AuditedField(name, old.GetValueOrDefault(name, ""), now.GetValueOrDefault(name, "")))
            .Where(field => field.Before != field.After);
    }

    private static bool IsSecret(string name) => name.Contains("hash", StringComparison.OrdinalIgnoreCase) || name.Contains("secret", StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> Properties<T>(T? value)
        where T : class =>
        value is null ? [] : ((JsonObject)JsonSerializer.SerializeToNode(value, Options)!).ToDictionary(p => p.Key, p => p.Value?.ToString() ?? "");

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Options).Trim('"');

    private static IEnumerable<AuditedField> Few(List<AuditedField> fields, int more) => fields.Count + more <= MostFields
        ? fields
        : fields.Take(MostFields).Append(new AuditedField("…", "", $"{fields.Count + more - MostFields} more"));

    private static AuditedField Cut(AuditedField field) => new(Cut(field.Name), Cut(field.Before), Cut(field.After));

    private static string Cut(string text) => text.Length <= MostLetters ? text : string.Concat(text.AsSpan(0, MostLetters), "…");
}
