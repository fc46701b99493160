using ListServer.Lists.Consents;
using ListServer.Store.Changes;

namespace ListServer.Admin.Consents;

/// <summary>Agrees to filtering or reporting for a domain or a list.</summary>
/// <param name="Scope">A domain of ours, or a list's posting address.</param>
/// <param name="Purpose">To what.</param>
/// <param name="Language">In which language the words were read: en or ja.</param>
/// <param name="Version">Which version of the words was read, as <see cref="ShowDmarcConsent"/> tells it.</param>
/// <param name="Face">Where it is given, for the record.</param>
public sealed record GiveDmarcConsent(string Scope, ConsentPurpose Purpose, string Language, string Version, string Face) : UseCase<DmarcConsent>
{
    /// <inheritdoc/>
    public override async Task<Outcome<DmarcConsent>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ConsentScope.Find(context.Store, Scope) is not { } scope)
        {
            return ConsentScope.Refuse(Scope);
        }

        if (!scope.Purposes.Contains(Purpose))
        {
            return RefusedUseCase.Invalid($"Reports are sent in a domain's name: consent to them is given for {scope.Domain}, and not for a list.");
        }

        if (Language is not ("en" or "ja"))
        {
            return RefusedUseCase.Invalid($"There are no words in '{Language}' to agree to: en, ja.");
        }

        if (Version != ConsentWording.Version)
        {
            return RefusedUseCase.Conflict($"The words are those of {ConsentWording.Version}, and not of '{Version}'. Read them first: listserver dmarc-consent show {scope.Name}");
        }

        if (context.Store.FindDmarcConsent(scope.Name, Purpose) is { Stands: true, Version: ConsentWording.Version } before)
        {
            return RefusedUseCase.Conflict($"{before.GivenBy} agreed to that already.");
        }

        var given = new DmarcConsent(
            scope.Name, Purpose, context.Time.GetUtcNow(), context.Actor, Face, Language, Version, ConsentWording.Of(Purpose, Language, scope.Name));
        await context.CommitAsync(new DmarcConsentGiven(given), cancellationToken);
        return given;
    }
}

/// <summary>Withdraws a consent. What it allowed ends with the next message, and the next round of reports.</summary>
/// <param name="Scope">A domain of ours, or a list's posting address.</param>
/// <param name="Purpose">To what it was given.</param>
public sealed record WithdrawDmarcConsent(string Scope, ConsentPurpose Purpose) : UseCase<DmarcConsent>
{
    /// <inheritdoc/>
    public override async Task<Outcome<DmarcConsent>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (ConsentScope.Find(context.Store, Scope) is not { } scope)
        {
            return ConsentScope.Refuse(Scope);
        }

        if (!context.Store.HasDmarcConsent(scope.Name, Purpose))
        {
            return RefusedUseCase.NotFound(scope.Domain is { } domain && context.Store.HasDmarcConsent(domain, Purpose)
                ? $"There is no consent of {scope.Name} itself; that of {domain} stands. The list's setting switches it off for the list: listserver list set {scope.Name} --reject-forged false"
                : $"There is no consent of {scope.Name} that could be withdrawn.");
        }

        await context.CommitAsync(new DmarcConsentWithdrawn(scope.Name, Purpose, context.Time.GetUtcNow(), context.Actor), cancellationToken);
        return context.Store.FindDmarcConsent(scope.Name, Purpose)!;
    }
}
