using ListServer.Lists.Consents;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>Somebody agreed to filtering or reporting; what stood there before becomes history.</summary>
public sealed record DmarcConsentGiven(DmarcConsent Consent) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.DmarcConsent(Consent.Scope, Consent.Purpose);
        if (draft.Find<DmarcConsent>(key) is { } former)
        {
            draft.Put(TableKey.FormerDmarcConsent(former), former);
        }

        draft.Put(key, Consent);
    }
}

/// <summary>A consent is withdrawn; one that does not stand stays as it is.</summary>
/// <param name="Scope">The domain or list.</param>
/// <param name="Purpose">To what it was given.</param>
/// <param name="At">When.</param>
/// <param name="By">By whom.</param>
public sealed record DmarcConsentWithdrawn(string Scope, ConsentPurpose Purpose, DateTimeOffset At, string By) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.DmarcConsent(Scope, Purpose);
        if (draft.Find<DmarcConsent>(key) is { Stands: true } consent)
        {
            draft.Put(key, consent with { WithdrawnAt = At, WithdrawnBy = By });
            if (Purpose is ConsentPurpose.Reporting)
            {
                // What was counted is not sent any more (AUTH-84).
                draft.Keys(TableKey.ReceivedTallies(Scope), int.MaxValue).ForEach(draft.Remove);
            }
        }
    }
}
