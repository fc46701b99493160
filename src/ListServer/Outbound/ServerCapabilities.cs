using System.Collections.Immutable;
using System.Globalization;

namespace ListServer.Outbound;

/// <summary>What a server offered in its EHLO reply (RFC 5321 §4.1.1.1). Unknown keywords are left out.</summary>
public sealed record ServerCapabilities
{
    /// <summary>What a server has that knows HELO only.</summary>
    public static ServerCapabilities None { get; } = new();

    /// <summary>Commands may be sent in groups (RFC 2920).</summary>
    public bool Pipelining { get; init; }

    /// <summary>Octets of 0x80 and more may be sent (RFC 6152).</summary>
    public bool EightBitMime { get; init; }

    /// <summary>Addresses may hold UTF-8 (RFC 6531).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>TLS may be started (RFC 3207).</summary>
    public bool StartTls { get; init; }

    /// <summary>SIZE= is understood (RFC 1870).</summary>
    public bool Size { get; init; }

    /// <summary>The largest message in octets, or null when none is named (RFC 1870 §4).</summary>
    public long? SizeLimit { get; init; }

    /// <summary>The most recipients of a transaction, or null when none is named (RFC 9422 §6.2).</summary>
    public int? RecipientLimit { get; init; }

    /// <summary>The mechanisms of AUTH in upper case (RFC 4954 §3).</summary>
    public ImmutableHashSet<string> AuthMechanisms { get; init; } = [];

    /// <summary>Reads the lines behind the greeting line of an EHLO reply.</summary>
    public static ServerCapabilities Parse(string replyText)
    {
        var capabilities = None;
        foreach (var line in replyText.Split('\n').Skip(1))
        {
            // "AUTH=" is how servers older than RFC 2554 wrote it.
            var words = line.Replace("AUTH=", "AUTH ", StringComparison.OrdinalIgnoreCase).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            capabilities = words is [var keyword, .. var arguments] ? capabilities.With(keyword, arguments) : capabilities;
        }

        return capabilities;
    }

    private ServerCapabilities With(string keyword, string[] arguments) => keyword.ToUpperInvariant() switch
    {
        "PIPELINING" => this with { Pipelining = true },
        "8BITMIME" => this with { EightBitMime = true },
        "SMTPUTF8" => this with { SmtpUtf8 = true },
        "STARTTLS" => this with { StartTls = true },
        "SIZE" => this with { Size = true, SizeLimit = Positive(arguments.FirstOrDefault()) },
        "LIMITS" => this with { RecipientLimit = RecipientMaximum(arguments) ?? RecipientLimit },
        "AUTH" => this with { AuthMechanisms = AuthMechanisms.Union(arguments.Select(a => a.ToUpperInvariant())) },
        _ => this,
    };

    /// <summary>SIZE without a number or with 0 names no limit (RFC 1870 §4).</summary>
    private static long? Positive(string? digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static int? RecipientMaximum(string[] limits)
    {
        const string Name = "RCPTMAX=";
        var limit = limits.FirstOrDefault(l => l.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return Positive(limit?[Name.Length..]) is { } number ? (int)Math.Min(number, int.MaxValue) : null;
    }
}
