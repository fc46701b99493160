using System.Collections.Immutable;
using System.Text;

namespace ListServer.MailAuth.AuthenticationResults;

/// <summary>Finds a message's Authentication-Results fields of one authserv-id (RFC 8601 §5, RFC 8617 §5.1).</summary>
public static class ResultsFields
{
    /// <summary>To bring a name to A-labels is dear: only for so many fields of a message is it found out whether it is ours (AUTH-98).</summary>
    private const int MaximumUnicodeNames = 50;

    /// <summary>
    /// The positions in <see cref="RawMessage.Fields"/> of all fields that may speak in our name, for deletion (AUTH-48): those whose
    /// authserv-id is ours in any spelling, and those that can't be read or whose authserv-id is no domain name, since some reader may
    /// take them for ours (AUTH-91). What is beyond 65,536 octets of such fields counts as ours unread, and so does what is beyond fifty
    /// authserv-ids in other letters than ASCII.
    /// RFC 8601 §5 allows even for the deletion of all.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="authservId">Our authserv-id.</param>
    public static ImmutableArray<int> Claiming(RawMessage message, string authservId)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrEmpty(authservId);
        var positions = ImmutableArray.CreateBuilder<int>();
        var (own, unicode, room) = (ResultsField.CanonicalId(authservId), 0, ResultsField.MaximumOctets);
        for (var i = 0; i < message.Fields.Length; i++)
        {
            var field = message.Fields[i];
            if (field.LooksLike("Authentication-Results"u8) && ((room -= field.Octets.Length) < 0 || Claims(field, own, ref unicode)))
            {
                positions.Add(i);
            }
        }

        return positions.ToImmutable();
    }

    /// <summary>
    /// The results of all our fields in one value, top to bottom, each once and with its comments: what RFC 8617 §5.1 puts into
    /// ARC-Authentication-Results. For messages that went through <see cref="Claiming"/> at the door, so that the fields are ours.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="authservId">Our authserv-id.</param>
    /// <returns>
    /// The value, folded with CRLF and a tab; "authserv-id; none" when our fields say so; null when there is no field of ours.
    /// Fields beyond 65,536 octets together are left out.
    /// </returns>
    public static string? Merge(RawMessage message, string authservId)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentException.ThrowIfNullOrEmpty(authservId);
        var results = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var isFound = false;
        var room = ResultsField.MaximumOctets;
        var (own, unicode) = (ResultsField.CanonicalId(authservId), 0);
        foreach (var field in message.Fields)
        {
            if (field.Is(ResultsField.FieldName)
                && (room -= field.RawValue.Length) >= 0
                && ResultsField.TryParse(field.RawValue.Span, out var parsed, out _)
                && (Ascii.IsValid(parsed.AuthservId) || ++unicode <= MaximumUnicodeNames)
                && parsed.IsFrom(authservId, own))
            {
                isFound = true;
                results.AddRange(Results(field.RawValue.Span).Where(seen.Add));
            }
        }

        if (!isFound)
        {
            return null;
        }

        return results.Count == 0
            ? new ResultsField(authservId, []).Write()
            : $"{ResultsWriter.AuthservId(authservId)};\r\n\t{string.Join(";\r\n\t", results)}";
    }

    private static bool Claims(HeaderField field, string? own, ref int unicode) =>
        !ResultsField.TryParse(field.RawValue.Span, out var parsed, out _)
        || (!Ascii.IsValid(parsed.AuthservId) && ++unicode > MaximumUnicodeNames)
        || ResultsField.CanonicalId(parsed.AuthservId) is not { } name
        || name == own;

    /// <summary>The parts of a valid value between its semicolons, but for the first and for "none"; every fold begins with CRLF.</summary>
    private static List<string> Results(ReadOnlySpan<byte> value)
    {
        var parts = new List<string>();
        var scanner = new ResultsScanner(value);
        var start = -1;
        while (scanner.SkipCfws() && !scanner.AtEnd)
        {
            if (scanner.Current == ';')
            {
                Add(value, start, scanner.Position, parts);
                _ = scanner.TryTake((byte)';');
                start = scanner.Position;
            }
            else if (scanner.Current == '"')
            {
                _ = scanner.TakeQuoted();
            }
            else
            {
                _ = scanner.TryTake(scanner.Current);
            }
        }

        Add(value, start, value.Length, parts);
        return parts;
    }

    private static void Add(ReadOnlySpan<byte> value, int start, int end, List<string> parts)
    {
        var text = start < 0
            ? ""
            : Encoding.UTF8.GetString(value[start..end]).Trim().Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        if (text.Length > 0 && !text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            parts.Add(text);
        }
    }
}
