namespace ListServer.MailAuth.Spf;

/// <summary>What one identity's check may cost in look-ups, includes and redirects counted together (RFC 7208 §4.6.4).</summary>
internal sealed class SpfLimits
{
    private const int MaxLookupTerms = 10;
    private const int MaxVoidLookups = 2;
    private int _lookupTerms;
    private int _voidLookups;

    /// <summary>Counts a term that needs DNS; the permerror when there are too many.</summary>
    public SpfMatch? CountTerm() => ++_lookupTerms > MaxLookupTerms
        ? SpfMatch.PermError($"more than {MaxLookupTerms} terms need look-ups")
        : null;

    /// <summary>Counts a term whose look-up found nothing; the permerror when there are too many.</summary>
    public SpfMatch? CountVoid() => ++_voidLookups > MaxVoidLookups
        ? SpfMatch.PermError($"more than {MaxVoidLookups} look-ups found nothing")
        : null;
}
