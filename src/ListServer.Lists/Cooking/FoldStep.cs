using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>
/// Brings over-long lines to what SMTP must carry (RFC 5321 §4.5.3.1.6): another server on the way would cut them where it likes,
/// and break our signature.
/// </summary>
internal static class FoldStep
{
    public static Draft Apply(Draft draft, Recipe recipe) => FoldBody(FoldHeader(draft));

    private static Draft FoldHeader(Draft draft)
    {
        if (!draft.Fields.Any(f => Octets.HasLongLine(f.Octets.Span)))
        {
            return draft;
        }

        var fields = draft.Fields.Select(f => Octets.HasLongLine(f.Octets.Span) ? Fold(f) : f).ToImmutableArray();
        return (draft with { Fields = fields }).Note(ModificationKind.Form, "header", "lines over 998 octets", "folded");
    }

    // A fold before white space is no change to relaxed canonicalization (RFC 6376 §3.4.2). A line without any stays as it is.
    private static HeaderField Fold(HeaderField field)
    {
        var output = new List<byte>(field.Octets.Length + 64);
        var (lineStart, lastSpace) = (0, -1);
        foreach (var octet in field.Octets.Span)
        {
            if (octet is (byte)' ' or (byte)'\t' && output.Count > lineStart)
            {
                lastSpace = output.Count;
            }

            output.Add(octet);
            if (octet == (byte)'\n')
            {
                (lineStart, lastSpace) = (output.Count, -1);
            }
            else if (output.Count - lineStart > Octets.LongestLine && lastSpace > 0)
            {
                output.InsertRange(lastSpace, "\r\n"u8.ToArray());
                (lineStart, lastSpace) = (lastSpace + 2, -1);
            }
        }

        return RawMessage.Parse(output.ToArray()).Fields[0];
    }

    private static Draft FoldBody(Draft draft)
    {
        var entity = BodyEntity.Of(draft);
        if (entity.Encoding is not ("7bit" or "8bit" or "binary") || !Octets.HasLongLine(draft.Body.Span))
        {
            return draft;
        }

        // RFC 2045 §6.4: a multipart or a message within can't be encoded as a whole.
        if (entity.MediaType.Length == 0 || entity.MediaType.StartsWith("multipart/", StringComparison.Ordinal)
            || entity.MediaType.StartsWith("message/", StringComparison.Ordinal))
        {
            return draft;
        }

        return (draft with { Body = Octets.ToBase64(draft.Body.Span) })
            .Replace(ModificationKind.Form, Field.Make("Content-Transfer-Encoding", "base64"));
    }
}
