namespace ListServer.Lists.Cooking;

/// <summary>What kind of change it is.</summary>
public enum ModificationKind
{
    /// <summary>A field that we put in; the author's octets stay.</summary>
    FieldAdded,

    /// <summary>A field of the message's way, not of its author, was taken out: Return-Path, a forged result …</summary>
    TraceRemoved,

    /// <summary>A field was taken out.</summary>
    FieldRemoved,

    /// <summary>The octets were brought to the form that SMTP carries.</summary>
    Form,

    /// <summary>The Subject was changed.</summary>
    Subject,

    /// <summary>The body was changed, or the fields that describe it.</summary>
    Body,

    /// <summary>From, and what goes with it.</summary>
    Author,
}

/// <summary>One change, told so that it can be shown and, in spirit, taken back.</summary>
/// <param name="Kind">What kind of change.</param>
/// <param name="Target">The field's name, or the part of the body.</param>
/// <param name="Before">What stood there, decoded as Latin-1 where it is a field's value; null when there was nothing.</param>
/// <param name="After">What stands there now; null when it was taken out.</param>
public sealed record Modification(ModificationKind Kind, string Target, string? Before, string? After)
{
    /// <summary>True when something that the author wrote is not as it was.</summary>
    public bool ChangesPost => Kind is ModificationKind.FieldRemoved or ModificationKind.Form or ModificationKind.Subject or ModificationKind.Body;
}
