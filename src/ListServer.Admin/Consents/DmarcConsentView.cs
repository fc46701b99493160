using System.Collections.Immutable;
using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Lists.Consents;
using ListServer.Store;

namespace ListServer.Admin.Consents;

/// <summary>How one consent stands.</summary>
/// <param name="Purpose">To what.</param>
/// <param name="Last">What was agreed to last, withdrawn or not; null when nobody ever agreed.</param>
/// <param name="StandsByDomain">True for a list whose domain's consent holds for it.</param>
/// <param name="Version">The version of <paramref name="Wording"/>.</param>
/// <param name="Wording">What one agrees to now.</param>
public sealed record ConsentState(ConsentPurpose Purpose, DmarcConsent? Last, bool StandsByDomain, string Version, string Wording)
{
    /// <summary>True when it may be done.</summary>
    public bool Stands => StandsByDomain || Last is { Stands: true };
}

/// <summary>All that may be agreed to for a domain or a list, and how it stands.</summary>
/// <param name="Scope">The domain, or the list's posting address.</param>
/// <param name="States">One for each purpose.</param>
public sealed record DmarcConsentView(string Scope, ImmutableArray<ConsentState> States);

/// <summary>What may be agreed to for a domain or a list, in words, and how it stands (AUTH-84).</summary>
/// <param name="Scope">A domain of ours, or a list's posting address.</param>
/// <param name="Language">Of the words: ja, or else English.</param>
public sealed record ShowDmarcConsent(string Scope, string Language = "en") : Query<DmarcConsentView>
{
    /// <inheritdoc/>
    protected override Outcome<DmarcConsentView> Look(AdminContext context)
    {
        if (ConsentScope.Find(context.Store, Scope) is not { } scope)
        {
            return ConsentScope.Refuse(Scope);
        }

        return new DmarcConsentView(scope.Name, [.. scope.Purposes.Select(purpose => new ConsentState(
            purpose,
            context.Store.FindDmarcConsent(scope.Name, purpose),
            scope.Domain is { } domain && context.Store.HasDmarcConsent(domain, purpose),
            ConsentWording.Version,
            ConsentWording.Of(purpose, Language, scope.Name)))]);
    }
}

/// <summary>What was agreed to on this server.</summary>
/// <param name="WithFormer">True for what was withdrawn and agreed to anew, too.</param>
public sealed record BrowseDmarcConsents(bool WithFormer = false) : Query<IReadOnlyList<DmarcConsent>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<DmarcConsent>> Look(AdminContext context) => Outcome.Done(context.Store.DmarcConsents(WithFormer));
}

/// <summary>What a consent can be given for.</summary>
/// <param name="Name">The domain, or the list's posting address.</param>
/// <param name="Domain">A list's domain; null for a domain.</param>
internal sealed record ConsentScope(string Name, string? Domain)
{
    /// <summary>To what. Reports go out in a domain's name, so that no list can agree to them by itself.</summary>
    public ImmutableArray<ConsentPurpose> Purposes => Domain is null ? [ConsentPurpose.Filtering, ConsentPurpose.Reporting] : [ConsentPurpose.Filtering];

    public static ConsentScope? Find(ListStore store, string name) => name.Contains('@', StringComparison.Ordinal)
        ? store.FindList(name) is { } list ? new ConsentScope(list.Address, list.Domain) : null
        : MissingDomain.Find(store, name) is { } domain ? new ConsentScope(domain.Name, null) : null;

    public static RefusedUseCase Refuse(string name) => name.Contains('@', StringComparison.Ordinal) ? MissingList.Refuse(name) : MissingDomain.Refuse(name);
}
