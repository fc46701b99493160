using System.Collections.Immutable;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Mitigation;

/// <summary>Puts a whole message into one of the list's own (RFC 2046 §5.2.1): the author's signature inside still verifies.</summary>
internal static class Wrapping
{
    // What a reader or a thread needs outside; everything else stays inside.
    private static readonly string[] Outside = ["Date", "Subject", "To", "Cc", "Reply-To", "In-Reply-To", "References"];

    public static Draft Apply(Draft inner, Recipe recipe, bool isMarked)
    {
        var from = inner.Find("From")!.Value;
        var author = from.RawValue.Span.TrimEnd("\r\n"u8).ToArray();
        var fields = ImmutableArray.CreateBuilder<HeaderField>();
        fields.Add(Rewriting.From(recipe, isMarked));
        fields.Add(Field.Make("Author", author));
        if (inner.Find("Reply-To") is null)
        {
            fields.Add(Field.Make("Reply-To", author));
        }

        fields.AddRange(Outside.Select(inner.Find).OfType<HeaderField>());
        fields.Add(Field.Make("Message-ID", $"<{recipe.Post.Id}.wrapped@{recipe.List.Domain}>"));
        fields.Add(Field.Make("MIME-Version", "1.0"));
        fields.Add(Field.Make("Content-Type", "message/rfc822"));
        var whole = inner.ToOctets();
        if (whole.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)127))
        {
            fields.Add(Field.Make("Content-Transfer-Encoding", "8bit"));
        }

        return new Draft(fields.ToImmutable(), whole, inner.Modifications)
            .Note(ModificationKind.Author, "From", Field.Value(from), Field.Value(fields[0]))
            .Note(ModificationKind.Author, "message", null, "wrapped as message/rfc822");
    }
}
