using ListServer.Lists.Consents;
using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>What was agreed to last for a domain or list, withdrawn or not; null when nobody ever agreed.</summary>
    public DmarcConsent? FindDmarcConsent(string scope, ConsentPurpose purpose) => Find<DmarcConsent>(TableKey.DmarcConsent(scope, purpose));

    /// <summary>True while a consent stands.</summary>
    public bool HasDmarcConsent(string scope, ConsentPurpose purpose) => FindDmarcConsent(scope, purpose) is { Stands: true };

    /// <summary>What was agreed to, by domain or list: of each the last, and before that, if asked for, the former ones, oldest first.</summary>
    /// <param name="withFormer">True for those that were replaced, too.</param>
    public IReadOnlyList<DmarcConsent> DmarcConsents(bool withFormer) =>
    [
        .. Read<DmarcConsent>(_table.Walk(KeyRange.Of(TableKey.DmarcConsents)))
            .Concat(withFormer ? Read<DmarcConsent>(_table.Walk(KeyRange.Of(TableKey.FormerDmarcConsents))) : [])
            .OrderBy(consent => consent.Scope, StringComparer.Ordinal).ThenBy(consent => consent.Purpose).ThenBy(consent => consent.GivenAt),
    ];
}
