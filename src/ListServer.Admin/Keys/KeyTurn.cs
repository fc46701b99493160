using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.Store.Changes;

namespace ListServer.Admin.Keys;

/// <summary>The change from one key to the next.</summary>
internal static class KeyTurn
{
    private static readonly TimeSpan SignatureLifetime = new DkimSigningOptions().Lifetime!.Value;

    /// <summary>All in one commit: the new key signs, the old one leaves; a crash leaves both as they were, or both as they are to be.</summary>
    /// <param name="context">The time, and how long copies wait.</param>
    /// <param name="domain">The domain.</param>
    /// <param name="used">The key that signs from now on; null for none.</param>
    public static List<Change> To(AdminContext context, MailDomain domain, DomainKey? used)
    {
        List<Change> changes = [new DomainSaved(domain with { Selector = used?.Selector })];
        if (domain.Selector is { } selector && selector != used?.Selector)
        {
            changes.Add(new KeySaved(Of(context, domain, selector).To(KeyStage.Leaving, context.Time.GetUtcNow()) with { KeepUntil = KeepUntil(context) }));
        }

        if (used is not null)
        {
            changes.Add(new KeySaved(used));
        }

        return changes;
    }

    /// <summary>What is known of a key; of one from before keys were followed, that it is used, since it was made.</summary>
    public static DomainKey Of(AdminContext context, MailDomain domain, string selector) =>
        context.Store.FindKey(domain.Name, selector)
        ?? new DomainKey(domain.Name, selector, domain.Selector == selector ? KeyStage.Used : KeyStage.Retired, context.Store.Keys.MadeAt(domain.Name, selector) ?? context.Time.GetUtcNow());

    // AUTH-35: the last copy that it signed may wait that long, and be verified until its x= is over.
    private static DateTimeOffset KeepUntil(AdminContext context) => context.Time.GetUtcNow() + context.CopyLifetime + SignatureLifetime;
}
