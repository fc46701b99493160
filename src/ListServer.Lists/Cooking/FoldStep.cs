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

    private static Draft FoldBody(Draft draft) => LongLines.Encode(draft.Fields, draft.Body) is var (fields, body)
        ? (draft with { Fields = fields, Body = body }).Note(ModificationKind.Form, "body", "lines over 998 octets", "encoded in shorter ones")
        : draft;

    private static HeaderField Fold(HeaderField field)
    {
        var output = new List<byte>(field.Octets.Length + 64);
        var rest = field.Octets.Span;
        while (!rest.IsEmpty)
        {
            var line = rest[..(rest.IndexOf((byte)'\n') + 1)];
            rest = rest[line.Length..];
            for (var limit = Octets.LongestLine; line.Length > limit + 2;)
            {
                // A fold before white space is no change to relaxed canonicalization (RFC 6376 §3.4.2); where there is none, one is put in.
                var space = line[..limit].LastIndexOfAny((byte)' ', (byte)'\t');
                var isThere = space > 0 && !line[..space].Trim(" \t"u8).IsEmpty;
                var end = isThere ? space : limit;
                output.AddRange(line[..end]);
                output.AddRange(isThere ? "\r\n"u8 : "\r\n "u8);
                line = line[end..];
                limit = isThere ? Octets.LongestLine : Octets.LongestLine - 1;
            }

            output.AddRange(line);
        }

        return RawMessage.Parse(output.ToArray()).Fields[0];
    }
}
