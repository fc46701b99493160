namespace ListServer.MailAuth.Spf;

/// <summary>What one identity's check may cost, includes and redirects counted together: look-ups (RFC 7208 §4.6.4) and text.</summary>
internal sealed class SpfLimits
{
    private const int MaxLookupTerms = 10;
    private const int MaxVoidLookups = 2;

    /// <summary>RFC 7208 §3.4 wants records within 450 octets; eleven that fill an answer each would take a tenth of a second to read (AUTH-98).</summary>
    private const int MaxText = 65_536;

    private int _lookupTerms;
    private int _voidLookups;
    private int _text;

    /// <summary>Counts a term that needs DNS; the permerror when there are too many.</summary>
    public SpfMatch? CountTerm() => ++_lookupTerms > MaxLookupTerms
        ? SpfMatch.PermError($"more than {MaxLookupTerms} terms need look-ups")
        : null;

    /// <summary>Counts a term whose look-up found nothing; the permerror when there are too many.</summary>
    public SpfMatch? CountVoid() => ++_voidLookups > MaxVoidLookups
        ? SpfMatch.PermError($"more than {MaxVoidLookups} look-ups found nothing")
        : null;

    /// <summary>Counts a record's text; false when the records are too long together.</summary>
    public bool CountText(int length) => (_text += length) <= MaxText;
}
