using System.Globalization;

namespace ListServer.Lists.Filtering;

/// <summary>A part that was taken out.</summary>
/// <param name="Name">Its file name, fit to be shown; empty when it has none.</param>
/// <param name="MediaType">As the message says.</param>
/// <param name="Octets">Its size when decoded.</param>
/// <param name="IsKept">True where the archive has it.</param>
internal sealed record FilteredPart(string Name, string MediaType, long Octets, bool IsKept = false)
{
    /// <summary>In words for a trace: "report.pdf (application/pdf, 2.1 MB)".</summary>
    public override string ToString() => $"{(Name.Length > 0 ? $"{Name} " : "")}({MediaType}, {Size})";

    /// <summary>The line that readers see in its place.</summary>
    /// <param name="language">The list's language.</param>
    /// <param name="link">Where it is kept; null for nowhere.</param>
    public string Line(string language, string? link) => (language, link) switch
    {
        ("ja", null) => $"[メーリングリストが取り除いた添付: {this}]",
        ("ja", _) => $"[添付の保管場所: {this} {link}]",
        (_, null) => $"[Taken out by the list: {this}]",
        _ => $"[Kept in the list's archive: {this} {link}]",
    };

    private string Size => Octets switch
    {
        >= 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{Octets / 1048576.0:0.0} MB"),
        >= 1024 => string.Create(CultureInfo.InvariantCulture, $"{Octets / 1024} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Octets} octets"),
    };
}
