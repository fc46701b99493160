namespace ListServer.MailAuth.Spf;

internal enum SpfMatchKind
{
    No,
    Yes,
    TempError,
    PermError,
}

/// <summary>What one mechanism came to (RFC 7208 §4.6.2), and why.</summary>
internal readonly record struct SpfMatch(SpfMatchKind Kind, string Detail)
{
    public static SpfMatch Yes(string detail) => new(SpfMatchKind.Yes, detail);

    public static SpfMatch No(string detail) => new(SpfMatchKind.No, detail);

    public static SpfMatch TempError(string detail) => new(SpfMatchKind.TempError, detail);

    public static SpfMatch PermError(string detail) => new(SpfMatchKind.PermError, detail);
}
