using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ListServer.MailAuth.AuthenticationResults;

/// <summary>The value of an Authentication-Results field (RFC 8601 §2.2).</summary>
/// <param name="AuthservId">Who says so, quotes removed.</param>
/// <param name="Results">The results in their order; empty for "none".</param>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record ResultsField(string AuthservId, ImmutableArray<MethodResult> Results)
{
    /// <summary>The field's name.</summary>
    public const string FieldName = "Authentication-Results";

    /// <summary>No domain name is as long, whatever invisible characters stand in it (AUTH-98).</summary>
    private const int MaximumId = 1000;

    /// <summary>A verifier's results of ten signatures and a chain need a tenth of this; hostile fields cost no more (AUTH-98).</summary>
    internal const int MaximumOctets = 64 * 1024;

    /// <summary>
    /// Reads a field's value. White space, folds and comments are passed over wherever RFC 8601 allows them, a semicolon may end the
    /// value, and property values may hold what no token holds; anything else that breaks the grammar makes the whole value invalid,
    /// and so do more than 65,536 octets.
    /// </summary>
    /// <param name="value">The octets behind the colon.</param>
    /// <param name="field">What was read.</param>
    /// <param name="error">What is wrong, and at which octet.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> value,
        [NotNullWhen(true)] out ResultsField? field,
        [NotNullWhen(false)] out string? error)
    {
        if (value.Length > MaximumOctets)
        {
            (field, error) = (null, $"longer than {MaximumOctets} octets");
            return false;
        }

        var reader = new ResultsReader(value);
        field = reader.Read();
        error = field is null ? reader.Error : null;
        return field is not null;
    }

    /// <summary>
    /// True when the authserv-id is <paramref name="authservId"/>: names are compared as A-labels, without a final dot and without
    /// invisible characters, anything else whatever the case.
    /// </summary>
    /// <param name="authservId">The authserv-id that is asked about.</param>
    public bool IsFrom(string authservId)
    {
        ArgumentNullException.ThrowIfNull(authservId);
        return IsFrom(authservId, CanonicalId(authservId));
    }

    internal bool IsFrom(string authservId, string? canonical) => CanonicalId(AuthservId) is { } name
        ? name == canonical
        : AuthservId.Equals(authservId, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Writes the value: folded with CRLF and a tab, without a final line end, in printable ASCII. A value that is no plain token is
    /// quoted; one with control or 8-bit characters, or longer than 320 characters, is left out with its property, so that nothing that
    /// a sender wrote can pass for a result (AUTH-50).
    /// </summary>
    public string Write() => ResultsWriter.Write(this);

    /// <summary>
    /// An authserv-id as a domain name in lower-case A-labels; null when it is none. Soft hyphens, joiners, byte order marks and their
    /// like go first: they are invisible, and readers differ in what they make of them (AUTH-91).
    /// </summary>
    internal static string? CanonicalId(string authservId)
    {
        if (authservId.Length > MaximumId)
        {
            return null;
        }

        var visible = Ascii.IsValid(authservId)
            ? authservId
            : string.Concat(authservId.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format));
        return DomainName.ToAscii(visible.EndsWith('.') ? visible[..^1] : visible);
    }
}
